/**
 * @module Who is meant by an assertion of an upstream identity provider: the subject, which ties a person to one user
 * for good (T7), the name that this user has, and the claims. A NameID that changes with each sign-in is no subject;
 * a mail address is one only as far as the identity provider never gives it to a second person, which nobody here can
 * see: where it does, `subject_attribute` must name what it never gives again.
 */
import type { LoginAssertion, LoginFault, LoginRefusal, NameId } from './login-response.js'
import { shorten } from './quote.js'

export interface SubjectRules {
  /** Entity IDs that qualifiers stand for where they are left out (SAML Core 8.3.7). */
  readonly issuer: string
  readonly entityId: string
  /** Name of the attribute whose one value is the name of the user; the NameID without one. */
  readonly usernameAttribute: string | undefined
  /** Name of the attribute whose one value is never given to a second person; the NameID without one. */
  readonly subjectAttribute: string | undefined
}

export interface LoginSubject {
  readonly ok: true
  readonly subject: string
  readonly username: string
}

const formats = {
  transient: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
  emailAddress: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  unspecified: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
} as const

/** Longest name, or value that is a subject, in UTF-16 units. */
const longest = 256

/** Who signs in, or why it cannot be told. */
export function findLoginSubject(
  assertion: LoginAssertion,
  rules: SubjectRules,
): LoginSubject | LoginRefusal {
  const subject = findSubject(assertion, rules)
  if (typeof subject !== 'string') return subject
  const username = findUsername(assertion, rules)
  if (typeof username !== 'string') return username
  return { ok: true, subject, username }
}

function findSubject({ nameId, attributes }: LoginAssertion, rules: SubjectRules): string | LoginRefusal {
  if (rules.subjectAttribute !== undefined) {
    const value = oneValue(attributes, rules.subjectAttribute, 'subject', 'subject_attribute')
    return typeof value === 'string'
      ? JSON.stringify(['attribute', rules.issuer, rules.subjectAttribute, value])
      : value
  }
  if (nameId === undefined) {
    return refuse('name_id', 'the assertion names nobody (NameID); name an attribute in subject_attribute')
  }
  if (nameId.format === formats.transient) {
    return refuse(
      'name_id',
      'the NameID is transient, so it says nothing at the next sign-in; have a persistent one sent, or name an attribute that stays in subject_attribute',
    )
  }
  return value(nameId, rules)
}

/** Never the same text for two of them, nor for two identity providers: a list, not joined text. */
function value(nameId: NameId, { issuer, entityId }: SubjectRules): string {
  const format = nameId.format ?? formats.unspecified
  // Mail addresses come in capitals one day and without the next; two people never differ in that alone.
  const name = format === formats.emailAddress ? nameId.value.toLowerCase() : nameId.value
  const { nameQualifier = issuer, spNameQualifier = entityId } = nameId
  const qualifiers = [
    nameQualifier === issuer ? '' : nameQualifier,
    spNameQualifier === entityId ? '' : spNameQualifier,
  ]
  return JSON.stringify(['nameid', issuer, format, ...qualifiers, name])
}

function findUsername({ nameId, attributes }: LoginAssertion, rules: SubjectRules): string | LoginRefusal {
  if (rules.usernameAttribute !== undefined) {
    return oneValue(attributes, rules.usernameAttribute, 'username', 'username_attribute')
  }
  if (nameId === undefined || nameId.format === formats.transient) {
    return refuse('username', 'the NameID is no name for a user; name an attribute in username_attribute')
  }
  return nameId.value
}

function oneValue(
  attributes: LoginAssertion['attributes'],
  name: string,
  because: LoginFault,
  field: string,
): string | LoginRefusal {
  const values = Object.hasOwn(attributes, name) ? (attributes[name] ?? []) : []
  const [first] = values
  if (first === undefined || first === '') {
    return refuse(because, `the assertion has no attribute "${shorten(name)}" (${field} of the connector)`)
  }
  if (values.length > 1) {
    return refuse(
      because,
      `the attribute "${shorten(name)}" (${field} of the connector) has ${values.length} values; one is needed`,
    )
  }
  if (first.length > longest)
    return refuse(because, `the attribute "${shorten(name)}" is longer than ${longest} characters`)
  return first
}

function refuse(because: LoginFault, says: string): LoginRefusal {
  return { ok: false, because, says }
}
