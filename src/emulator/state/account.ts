/**
 * @module The organisation's tree: the root, organizational units and accounts.
 */
import { z } from 'zod'

const tags = z.record(z.string().min(1).max(128), z.string().max(256))

/** Units below the root may be nested this deep. */
const unitDepth = 5
const unitNameLength = 128

/** Names of units below the root, joined by slashes, such as `Workloads/Production`. */
const unitPath = z.string().superRefine((path, issues) => {
  const names = path.split('/')
  const problem =
    names.length > unitDepth
      ? `is deeper than ${unitDepth} units`
      : names.some((name) => name.trim() === '' || name !== name.trim())
        ? 'has a unit without a name, or with spaces around it (leave it out for the root)'
        : names.some((name) => name.length > unitNameLength)
          ? `has a unit whose name is longer than ${unitNameLength} characters`
          : undefined
  if (problem !== undefined) issues.addIssue(problem)
})

export const UnitSchema = z.strictObject({
  path: unitPath,
  tags: tags.default({}),
})

export const AccountSchema = z.strictObject({
  id: z
    .string({ error: 'must be text: write the account id in quotes' })
    .regex(/^\d{12}$/, 'is not 12 digits'),
  name: z.string().min(1).max(50),
  email: z.email('is not a mail address').max(64),
  /** Path of unit names below the root, such as `Workloads/Production`; the root itself where it is absent. */
  unit: unitPath.optional(),
  state: z.enum(['ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE']).default('ACTIVE'),
  tags: tags.default({}),
})

export interface Account {
  readonly id: string
  readonly name: string
  readonly email: string
  /** Id of the root or of a unit. */
  readonly parentId: string
  readonly state: 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE'
  readonly joinedMethod: 'INVITED' | 'CREATED'
  /** Milliseconds since the epoch. */
  readonly joinedAt: number
  readonly tags: Readonly<Record<string, string>>
}

export interface Unit {
  /** `ou-<root part>-<8 characters>`. */
  readonly id: string
  readonly name: string
  /** Id of the root or of a unit. */
  readonly parentId: string
  readonly tags: Readonly<Record<string, string>>
}

/** Ids of the organisation itself. */
export interface OrganisationIds {
  /** `o-` and 10 characters. */
  readonly organizationId: string
  /** `r-` and 4 characters. */
  readonly rootId: string
}
