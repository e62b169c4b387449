/** @module What a directory sent of a user, read: the name apart, and whether they are active. */
import { assertComplete } from '../../core/scim/normalize.js'
import { scimError, type ScimObject, type ScimType } from '../../core/scim/schema.js'

export interface SentUser {
  readonly userName: string
  readonly externalId: string | undefined
  /** Undefined where it says nothing. */
  readonly active: boolean | undefined
  /** Everything else, kept as it was sent. */
  readonly attributes: ScimObject
}

/** `resource` is normalised. @throws GatewayError `INVALID_SCIM`. */
export function readSentUser(type: ScimType, resource: ScimObject): SentUser {
  assertComplete(type, resource)
  const { userName, externalId, active, ...attributes } = resource
  if (JSON.stringify(attributes).length > maxAttributes)
    throw scimError('invalidValue', 'the attributes of the user are too large')
  return {
    userName: userName as string, // normalised: text
    externalId: readExternalId(externalId),
    active: active as boolean | undefined, // normalised: a boolean, if anything
    attributes,
  }
}

const maxAttributes = 64 * 1024

/** Normalised: text, if anything. @throws GatewayError `INVALID_SCIM`. */
export function readExternalId(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  if (value.length > 400 || /\p{C}/u.test(value))
    throw scimError('invalidValue', 'externalId must have at most 400 characters, none of them invisible')
  return value
}
