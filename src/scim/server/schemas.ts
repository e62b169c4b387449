/**
 * @module What our SCIM endpoint is made of, for the directories that push to it: the schemas of RFC 7643, which come from
 * scimmy, the types of resources, and what the endpoint can do. Filters, patches and everything else that reads hostile
 * input is `core/scim`; this room, with `client/`, is the only importer of scimmy.
 */
import SCIMMY from 'scimmy'
import type { ScimAttribute, ScimObject, ScimType } from '../../core/scim/schema.js'

/** As the answers of `/Schemas` have it; scimmy writes it. */
interface Described extends Record<string, unknown> {
  readonly id: string
  readonly attributes: readonly DescribedAttribute[]
}

type DescribedAttribute = Partial<Omit<ScimAttribute, 'subAttributes'>> &
  Pick<ScimAttribute, 'name' | 'type'> & { readonly subAttributes?: readonly DescribedAttribute[] }

export interface ScimServer {
  readonly userType: ScimType
  readonly groupType: ScimType
  /** For `GET /Schemas`; `base` is the address of the endpoint. */
  readonly schemas: (base: string) => readonly ScimObject[]
  readonly resourceTypes: (base: string) => readonly ScimObject[]
  readonly config: (base: string) => ScimObject
}

/** Most resources of one page of a list. */
export const maxResults = 200
const maxPayloadSize = 1024 * 1024

export function createScimServer(): ScimServer {
  const { User, Group, EnterpriseUser } = SCIMMY.Schemas
  // Groups of a user are told by the groups; passwords are none of ours.
  const user = withoutAttributes(describe(User.definition), ['password', 'groups'])
  const enterprise = describe(EnterpriseUser.definition)
  const group = describe(Group.definition)
  const all = [user, enterprise, group]
  return {
    userType: { name: 'User', schema: toSchema(user), extensions: [toSchema(enterprise)] },
    groupType: { name: 'Group', schema: toSchema(group), extensions: [] },
    schemas: (base) =>
      all.map((one) => ({
        ...one,
        meta: { resourceType: 'Schema', location: `${base}/Schemas/${one.id}` },
      })),
    resourceTypes: (base) => [
      resourceType(base, 'User', user.id, [{ schema: enterprise.id, required: false }]),
      resourceType(base, 'Group', group.id, []),
    ],
    config: serviceProviderConfig,
  }
}

/** Its own JSON: what scimmy hands out is alive and knows more than the standard tells. */
function describe(definition: { readonly describe: (basepath?: string) => unknown }): Described {
  return JSON.parse(JSON.stringify(definition.describe(''))) as Described // RFC 7643 section 7
}

function withoutAttributes(schema: Described, names: readonly string[]): Described {
  return { ...schema, attributes: schema.attributes.filter(({ name }) => !names.includes(name)) }
}

function toSchema({ id, attributes }: Described): ScimType['schema'] {
  return { id, attributes: attributes.map(toAttribute) }
}

function toAttribute(one: DescribedAttribute): ScimAttribute {
  return {
    name: one.name,
    type: one.type,
    multiValued: one.multiValued ?? false,
    required: one.required ?? false,
    caseExact: one.caseExact ?? false,
    mutability: one.mutability ?? 'readWrite',
    returned: one.returned ?? 'default',
    subAttributes: (one.subAttributes ?? []).map(toAttribute),
  }
}

function resourceType(
  base: string,
  name: 'User' | 'Group',
  schema: string,
  schemaExtensions: readonly ScimObject[],
): ScimObject {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: name,
    name,
    endpoint: `/${name}s`,
    description: name === 'User' ? 'A person' : 'A group, which is an access list here',
    schema,
    ...(schemaExtensions.length > 0 && { schemaExtensions }),
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
  }
}

/** RFC 7643 section 5. */
function serviceProviderConfig(base: string): ScimObject {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize },
    filter: { supported: true, maxResults },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A token of the connector that the directory belongs to',
        specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  }
}
