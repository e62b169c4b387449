/**
 * @module Permission sets: the templates from which Identity Center makes roles in accounts.
 */
import { z } from 'zod'

export const PermissionSetSchema = z.strictObject({
  name: z.string().regex(/^[\w+=,.@-]{1,32}$/, 'is not 1 to 32 characters of letters, digits and +=,.@-_'),
  arn: z
    .string()
    .regex(
      /^arn:aws:sso:::permissionSet\/ssoins-[0-9a-f]{16}\/ps-[0-9a-f]{16}$/,
      'is not arn:aws:sso:::permissionSet/ssoins-<16 hex digits>/ps-<16 hex digits>',
    ),
  description: z.string().max(700).default(''),
  /** ISO 8601, PT1H to PT12H. */
  sessionDuration: z
    .string()
    .regex(/^PT(?:[1-9]|1[0-2])H$/, 'is not PT1H to PT12H')
    .default('PT1H'),
})

export type PermissionSet = Readonly<z.infer<typeof PermissionSetSchema>>
