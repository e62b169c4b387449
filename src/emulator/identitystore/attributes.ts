/**
 * @module The attributes of users and groups as documents: what UpdateUser and UpdateGroup work on, and, with
 * capitalised names, the members of CreateUser and of the answers.
 */
import { boolean, list, optional, required, string, structure } from '../aws/shape.js'
import { groupNameRule, userNameRule } from '../directory/value-rules.js'
import { text } from './shapes.js'

/** The one extension that AWS has; its members are those of SCIM's enterprise user. */
export const enterpriseName = 'aws:identitystore:enterprise'

// The model lets an address of mail or a number come without a value; one without could be found by nobody.
const listValue = structure({
  value: required(text),
  type: optional(text),
  primary: optional(boolean),
})

/** What CreateUser takes besides extensions. */
export const userMembers = {
  userName: optional(string({ ...userNameRule, sensitive: true })),
  name: optional(
    structure({
      formatted: optional(text),
      familyName: optional(text),
      givenName: optional(text),
      middleName: optional(text),
      honorificPrefix: optional(text),
      honorificSuffix: optional(text),
    }),
  ),
  displayName: optional(text),
  nickName: optional(text),
  profileUrl: optional(text),
  emails: optional(list(listValue, { min: 1, max: 1 })),
  addresses: optional(
    list(
      structure({
        streetAddress: optional(text),
        locality: optional(text),
        region: optional(text),
        postalCode: optional(text),
        country: optional(text),
        formatted: optional(text),
        type: optional(text),
        primary: optional(boolean),
      }),
      { min: 1, max: 1 },
    ),
  ),
  phoneNumbers: optional(list(listValue, { min: 1, max: 1 })),
  userType: optional(text),
  title: optional(text),
  preferredLanguage: optional(text),
  locale: optional(text),
  timezone: optional(text),
  photos: optional(
    list(
      structure({
        value: required(text),
        type: optional(text),
        display: optional(text),
        primary: optional(boolean),
      }),
      { min: 1, max: 3 },
    ),
  ),
  website: optional(text),
  birthdate: optional(text),
  roles: optional(list(listValue, { min: 1, max: 1 })),
}

export const enterpriseDocument = structure({
  employeeNumber: optional(text),
  costCenter: optional(text),
  organization: optional(text),
  division: optional(text),
  department: optional(text),
  manager: optional(structure({ value: optional(text), $ref: optional(text) })),
})

/** A user as UpdateUser sees it; neither status nor external ids can be reached through it. */
export const userDocument = structure({
  ...userMembers,
  [enterpriseName]: optional(enterpriseDocument),
})

export const groupMembers = {
  displayName: optional(string({ ...groupNameRule, sensitive: true })),
  description: optional(text),
}

export const groupDocument = structure(groupMembers)
