/** @module Words for attributes of assertions whose names are numbers of a registry. */

/** RFC 4519 §2.39, and the eduPerson object class. */
const words: Readonly<Record<string, string>> = {
  'urn:oid:0.9.2342.19200300.100.1.1': 'User name (uid)',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': 'Roles (eduPersonAffiliation)',
  'urn:oid:0.9.2342.19200300.100.1.3': 'Mail address (mail)',
  'urn:oid:2.16.840.1.113730.3.1.241': 'Name shown (displayName)',
  'urn:oid:2.5.4.42': 'Given name (givenName)',
  'urn:oid:2.5.4.4': 'Family name (sn)',
  'urn:oid:2.5.4.3': 'Full name (cn)',
}

/** What an attribute is in words; undefined for a name that has none here. */
export function describeAttribute(name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined
}
