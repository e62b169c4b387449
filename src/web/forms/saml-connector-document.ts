/** @module The document of a new SAML connector, from the fields of its form. */

/** A line of `attributes_to_roles` as it is typed. */
export interface RoleLine {
  readonly name: string
  readonly value: string
  /** Separated by commas. */
  readonly roles: string
}

export interface SamlConnectorFields {
  readonly name: string
  readonly display: string
  readonly metadataFrom: 'address' | 'text'
  readonly address: string
  readonly metadata: string
  readonly usernameAttribute: string
  readonly subjectAttribute: string
  readonly externalIdAttribute: string
  readonly lines: readonly RoleLine[]
}

/** What is left empty is left out. */
export function samlConnectorDocument(fields: SamlConnectorFields): object {
  const written = (text: string, key: string) => (text.trim() === '' ? {} : { [key]: text.trim() })
  const lines = fields.lines.filter(({ name, value, roles }) => `${name}${value}${roles}`.trim() !== '')
  return {
    kind: 'saml',
    version: 'v2',
    metadata: { name: fields.name.trim() },
    spec: {
      ...written(fields.display, 'display'),
      ...(fields.metadataFrom === 'address'
        ? { entity_descriptor_url: fields.address.trim() }
        : { entity_descriptor: fields.metadata.trim() }),
      ...written(fields.usernameAttribute, 'username_attribute'),
      ...written(fields.subjectAttribute, 'subject_attribute'),
      ...written(fields.externalIdAttribute, 'scim_external_id_attribute'),
      ...(lines.length > 0 && {
        attributes_to_roles: lines.map(({ name, value, roles }) => ({
          name: name.trim(),
          value: value.trim(),
          roles: roles
            .split(',')
            .map((role) => role.trim())
            .filter((role) => role !== ''),
        })),
      }),
    },
  }
}
