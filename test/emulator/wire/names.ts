/**
 * What the fixtures and the organisation `fixtures/aws/wire.yaml` agree on.
 */
import { fileURLToPath } from 'node:url'

export const wireFolder = fileURLToPath(new URL('../../../fixtures/aws/', import.meta.url))
/** Every scenario begins then. */
export const wireTime = Date.parse('2026-11-22T12:00:00Z')
export const wireIssuer = 'https://issuer.example.com'
/** Token of `wire.yaml`. */
export const scimToken = 'wire-scim-token-0123456789abcdef0123456789abcdef'
/** Path segment of the SCIM endpoint of `wire.yaml`. */
export const scimTenant = 'Hw9067a1b2c3-0a1b-4c2d-8e3f-0123456789ab'
export const adminKey = 'AKIAIOSFODNN7EXAMPLE'

/** Every operation of SCIM with the method and the path that call it. */
export const scimOperations: Readonly<Record<string, RegExp>> = {
  CreateUser: /^POST \/Users$/,
  GetUser: /^GET \/Users\/[^/?]+$/,
  ListUsers: /^GET \/Users(\?.*)?$/,
  PatchUser: /^PATCH \/Users\/[^/?]+$/,
  PutUser: /^PUT \/Users\/[^/?]+$/,
  DeleteUser: /^DELETE \/Users\/[^/?]+$/,
  CreateGroup: /^POST \/Groups$/,
  GetGroup: /^GET \/Groups\/[^/?]+$/,
  ListGroups: /^GET \/Groups(\?.*)?$/,
  PatchGroup: /^PATCH \/Groups\/[^/?]+$/,
  DeleteGroup: /^DELETE \/Groups\/[^/?]+$/,
  ServiceProviderConfig: /^GET \/ServiceProviderConfig$/,
  ListResourceTypes: /^GET \/ResourceTypes$/,
  ListSchemas: /^GET \/Schemas$/,
  GetSchema: /^GET \/Schemas\/[^/?]+$/,
}
