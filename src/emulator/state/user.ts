/**
 * @module Users of the identity store. SCIM and the Identity Store API write the same rows.
 */
import { z } from 'zod'

/** Identity store ids of users and groups: UUID-like, with an optional prefix of older stores. */
export const principalId = z
  .string()
  .regex(
    /^([0-9a-f]{10}-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    'is not an identity store id (UUID-like)',
  )

/** A line of `users` in an organisation file. */
export const UserSchema = z.strictObject({
  id: principalId,
  userName: z
    .string()
    .regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u, 'is not 1 to 128 characters without spaces'),
  displayName: z.string().min(1).max(1024),
  givenName: z.string().min(1).max(1024),
  familyName: z.string().min(1).max(1024),
  active: z.boolean().default(true),
  /** Primary mail address; the user name where it is absent. */
  email: z.string().min(1).max(1024).optional(),
  externalId: z.string().min(1).max(256).optional(),
})

export interface PersonName {
  readonly formatted?: string
  readonly familyName?: string
  readonly givenName?: string
  readonly middleName?: string
  readonly honorificPrefix?: string
  readonly honorificSuffix?: string
}

/** A value of a list attribute; AWS keeps at most one of each list. */
export interface ListValue {
  readonly value: string
  readonly type?: string
  readonly primary?: boolean
}

export interface Address {
  readonly formatted?: string
  readonly streetAddress?: string
  readonly locality?: string
  readonly region?: string
  readonly postalCode?: string
  readonly country?: string
  readonly type?: string
  readonly primary?: boolean
}

/** SCIM's enterprise extension (RFC 7643 §4.3). */
export interface Enterprise {
  readonly employeeNumber?: string
  readonly costCenter?: string
  readonly organization?: string
  readonly division?: string
  readonly department?: string
  readonly manager?: { readonly value?: string; readonly $ref?: string }
}

/** Attributes that a caller may set. */
export interface UserAttributes {
  readonly userName: string
  readonly active: boolean
  readonly externalId?: string
  readonly name?: PersonName
  readonly displayName?: string
  readonly nickName?: string
  readonly profileUrl?: string
  readonly title?: string
  readonly userType?: string
  readonly preferredLanguage?: string
  readonly locale?: string
  readonly timezone?: string
  readonly emails?: readonly ListValue[]
  readonly phoneNumbers?: readonly ListValue[]
  readonly addresses?: readonly Address[]
  readonly roles?: readonly ListValue[]
  readonly photos?: readonly (ListValue & { readonly display?: string })[]
  readonly website?: string
  readonly birthdate?: string
  readonly enterprise?: Enterprise
}

/** When and by whom a row was made and last changed. */
export interface Stamps {
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly updatedAt: number
  /** ARN of the caller; `SCIM` for the SCIM endpoint, absent for rows of the organisation file. */
  readonly createdBy?: string
  readonly updatedBy?: string
}

export interface User extends UserAttributes, Stamps {
  readonly id: string
}
