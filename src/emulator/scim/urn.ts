/**
 * @module The schema names of SCIM (RFC 7643, RFC 7644).
 */
const schemas = 'urn:ietf:params:scim:schemas'
const messages = 'urn:ietf:params:scim:api:messages:2.0'

export const userUrn = `${schemas}:core:2.0:User`
export const groupUrn = `${schemas}:core:2.0:Group`
export const enterpriseUrn = `${schemas}:extension:enterprise:2.0:User`
export const resourceTypeUrn = `${schemas}:core:2.0:ResourceType`
export const schemaUrn = `${schemas}:core:2.0:Schema`
export const serviceProviderConfigUrn = `${schemas}:core:2.0:ServiceProviderConfig`
export const errorUrn = `${messages}:Error`
export const listUrn = `${messages}:ListResponse`
export const patchUrn = `${messages}:PatchOp`
