/**
 * @module Permission sets: the templates from which Identity Center makes roles in accounts, and where they are
 * provisioned.
 */
import { z } from 'zod'
import { explainPartition } from './partition.js'

export const PermissionSetSchema = z.strictObject({
  name: z.string().regex(/^[\w+=,.@-]{1,32}$/, 'is not 1 to 32 characters of letters, digits and +=,.@-_'),
  arn: z.string().regex(/^arn:aws:sso:::permissionSet\/ssoins-[0-9a-f]{16}\/ps-[0-9a-f]{16}$/, {
    error: explainPartition('is not arn:aws:sso:::permissionSet/ssoins-<16 hex digits>/ps-<16 hex digits>'),
  }),
  description: z.string().max(700).optional(),
  /** ISO 8601, PT1H to PT12H. */
  sessionDuration: z
    .string()
    .regex(/^PT(?:[1-9]|1[0-2])H$/, 'is not PT1H to PT12H')
    .default('PT1H'),
  relayState: z.string().min(1).max(240).optional(),
})

export interface PermissionSet {
  readonly arn: string
  readonly name: string
  readonly description?: string
  readonly sessionDuration: string
  readonly relayState?: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** Grows with each change; an account whose provisioned version is lower is not up to date. */
  readonly version: number
  readonly tags: Readonly<Record<string, string>>
}

/** A permission set that exists in an account, as a role that Identity Center made there. */
export interface ProvisionedSet {
  readonly accountId: string
  readonly permissionSetArn: string
  /** Version of the permission set that the account has. */
  readonly version: number
  /** 16 hex digits at the end of the role's name; new each time the role is made. */
  readonly roleSuffix: string
  readonly createdAt: number
}
