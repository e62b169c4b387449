/**
 * @module The YAML form of a user (v2): roles and traits. Who signs the name in is told by `created_by.connector`,
 * which connectors write and people leave out.
 */
import { z } from 'zod'
import {
  flag,
  ignoredShape,
  listIgnored,
  metadataSchema,
  optionalSection,
  storedMetadata,
  text,
  unsupportedExpiry,
} from '../../api/resource/fields.js'
import { parseWith, toPlain, type ParsedDocument } from '../../api/resource/parse.js'
import { foldName, systemNames, type User } from '../../core/user/user.js'
import { heldRoles, holderTraits } from '../shared/holder-fields.js'
import { findSlashProblem } from '../shared/names.js'

const ignoredUserFields = [
  'github_identities',
  'local_auth',
  'oidc_identities',
  'password_state',
  'saml_identities',
  'trusted_device_ids',
  'weakest_device',
] as const

const status = z.strictObject({
  is_locked: flag
    .refine((locked) => !locked, 'a user is locked by a resource of kind lock, not here')
    .optional()
    .describe('Only false: a user is locked by a resource of kind lock'),
  ...ignoredShape(['locked_message', 'locked_time', 'lock_expires', 'recovery_attempt_lock_expires']),
})

export const userForm = z.strictObject({
  kind: z.literal('user').describe('The kind of this document'),
  version: z.literal('v2').describe('The version of its form'),
  metadata: metadataSchema(findUserNameProblem),
  spec: z
    .strictObject({
      roles: optionalSection(heldRoles.optional()).describe('Names of the roles that the user holds'),
      traits: optionalSection(holderTraits.optional()).describe(
        'Facts about the user for templates and attributes: names with values',
      ),
      created_by: optionalSection(
        z.strictObject({
          connector: optionalSection(
            z.strictObject({
              id: text.describe('Name of the connector'),
              type: text.optional().describe('Its type, such as saml'),
              ...ignoredShape(['identity']),
            }),
          ).describe('The connector that signs the user in; a user without one is local'),
          ...ignoredShape(['time', 'user']),
        }),
      ).describe('Where the user comes from; connectors write it'),
      status: optionalSection(status).describe('As exports have it'),
      expires: unsupportedExpiry,
      ...ignoredShape(ignoredUserFields),
    })
    .describe('What the user is'),
})

export type UserDocument = Omit<z.output<typeof userForm>, 'metadata'> & {
  readonly metadata: ReturnType<typeof storedMetadata>
}

/** Why a name cannot be that of a user, if it cannot: it becomes the NameID and the userName of Identity Center. */
export function findUserNameProblem(name: string): string | undefined {
  if (name.length > 128) return 'the name of a user must have at most 128 characters, as AWS allows'
  // The characters that the Identity Store API takes in a userName.
  if (!/^[\p{L}\p{M}\p{S}\p{N}\p{P}]*$/u.test(name)) return 'the name of a user must not contain spaces'
  // Most of these are \p{C} and refused in every name; variation selectors, joiners and fillers are not.
  if (/\p{Default_Ignorable_Code_Point}/u.test(name))
    return 'the name of a user must not contain invisible characters, or it looks like another name'
  if (name.normalize('NFC') !== name) return 'the name of a user must be in Unicode normal form C'
  if (systemNames.includes(foldName(name)))
    return `"${name}" is reserved: the audit log names the gateway itself so; choose another name`
  return findSlashProblem(name)
}

/**
 * Parses a user document.
 * @throws GatewayError `INVALID_RESOURCE` with every problem.
 */
export function parseUserDocument(input: unknown, source?: string): ParsedDocument<UserDocument, User> {
  const parsed = parseWith(userForm, 'user', input, source)
  const document = toPlain({ ...parsed, metadata: storedMetadata(parsed.metadata) })
  const connector = document.spec.created_by?.connector?.id
  return {
    document,
    value: {
      name: document.metadata.name,
      roles: document.spec.roles ?? [],
      traits: document.spec.traits ?? {},
      origin: connector === undefined ? { kind: 'local' } : { kind: 'connector', connector },
    },
    ignored: listIgnored(parsed.spec, 'spec', ignoredUserFields),
    revision: parsed.metadata.revision,
  }
}
