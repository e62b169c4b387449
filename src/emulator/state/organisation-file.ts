/**
 * @module The form of an organisation file: which keys there are, what each value looks like, and what it is where the
 * file leaves it out. Whether names resolve and numbers fit together is not looked at here.
 */
import { z } from 'zod'
import { SettingsSchema } from '../settings.js'
import { AccountSchema, UnitSchema } from './account.js'
import { AssignmentSchema } from './assignment.js'
import { GroupSchema } from './group.js'
import { IdentityProviderSchema } from './identity-provider.js'
import { InstanceSchema } from './instance.js'
import { PermissionSetSchema } from './permission-set.js'
import { UserSchema } from './user.js'

/** AWS documents neither its tolerance for clocks nor which element must be signed: both can be set. */
const SamlSchema = z.strictObject({
  idp: z.union([z.literal('none'), IdentityProviderSchema]).default('none'),
  clockSkewSeconds: z.int().min(0).max(600).default(60),
  /** `either`: the Response or the Assertion is signed; `both`: each is. */
  requireSignatures: z.enum(['either', 'both']).default('either'),
})

const ScimSchema = z.strictObject({
  /** Tokens that exist from the start; more are made by `POST /_emulator/scim/tokens`. */
  tokens: z
    .array(
      z.strictObject({
        token: z.string().min(16).max(2048),
        /** A year after the emulator starts, where it is absent. */
        expiresAt: z.iso.datetime().optional(),
      }),
    )
    .max(2, 'AWS allows two tokens at a time')
    .default([]),
})

const CredentialSchema = z.strictObject({
  accessKeyId: z.string().regex(/^\w{16,128}$/, 'is not 16 to 128 letters and digits'),
  secretAccessKey: z.string().min(16).max(128),
  /** Account, by name or id; the management account where it is absent. */
  account: z.string().optional(),
  userName: z
    .string()
    .regex(/^[\w+=,.@-]{1,64}$/, 'is not 1 to 64 characters of letters, digits and +=,.@-_'),
  /** `administrator`, or policy documents. */
  policies: z
    .union([z.literal('administrator'), z.array(z.record(z.string(), z.unknown()))])
    .default('administrator'),
})

export const OrganisationSchema = z.strictObject({
  /** A word about the file for whoever reads it, such as how it was made; nothing depends on it. */
  about: z.string().max(1000).optional(),
  instance: InstanceSchema,
  organizationId: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, 'is not o-<10 to 32 of a-z and 0-9>')
    .optional(),
  rootId: z
    .string()
    .regex(/^r-[0-9a-z]{4,32}$/, 'is not r-<4 to 32 of a-z and 0-9>')
    .optional(),
  /** When everything in the file was made. */
  createdAt: z.iso.datetime().default('2024-01-15T09:00:00Z'),
  /** Account, by name or id, that may call the sso-admin and identitystore APIs beside the management account. */
  delegatedAdministrator: z.string().optional(),
  /** Units without accounts, or with tags; those that accounts name need no line. */
  units: z.array(UnitSchema).default([]),
  /** The first is the management account. */
  accounts: z.array(AccountSchema).min(1, 'needs at least the management account'),
  permissionSets: z.array(PermissionSetSchema).default([]),
  users: z.array(UserSchema).default([]),
  groups: z.array(GroupSchema).default([]),
  assignments: z.array(AssignmentSchema).default([]),
  credentials: z.array(CredentialSchema).optional(),
  scim: ScimSchema.prefault({}),
  saml: SamlSchema.prefault({}),
  settings: SettingsSchema.prefault({}),
})

/** A file that was read: what it leaves out is filled in. */
export type OrganisationFile = z.infer<typeof OrganisationSchema>

/** A file as it is written. */
export type OrganisationInput = z.input<typeof OrganisationSchema>
