/**
 * @module Users and groups between their rows and the documents that requests write.
 */
import type { Parsed } from '../aws/shape.js'
import { readTypes } from '../aws/validate.js'
import type { Group, GroupAttributes } from '../state/group.js'
import type { User, UserAttributes } from '../state/user.js'
import { enterpriseName, groupDocument, groupMembers, userDocument, userMembers } from './attributes.js'
import type { Fields } from './document.js'
import { invalid } from './errors.js'

/** What the Identity Store API can write of a user. */
export function toUserDocument(user: User): Fields {
  return {
    ...pick(user, userMembers),
    ...(user.enterprise !== undefined && { [enterpriseName]: user.enterprise }),
  }
}

/**
 * Attributes of a user from a document whose values are within their shapes. What the API cannot write stays as it is
 * in `known`; a new user is active.
 * @throws AwsError `ValidationException` where an attribute is missing that Identity Center asks for
 */
export function toUserAttributes(document: Fields, known?: User): UserAttributes {
  const { [enterpriseName]: enterprise, ...attributes } = readTypes(userDocument, document)
  const { userName, name, displayName } = attributes
  // All optional in the service's model; Identity Center asks for them all the same, as its SCIM endpoint does.
  if (userName === undefined) throw missing('userName')
  if (name?.givenName === undefined) throw missing('name.givenName')
  if (name.familyName === undefined) throw missing('name.familyName')
  if (displayName === undefined) throw missing('displayName')
  return {
    ...attributes,
    userName,
    active: known?.active ?? true,
    ...(known?.externalId !== undefined && { externalId: known.externalId }),
    ...(enterprise !== undefined && { enterprise }),
  }
}

export function toGroupDocument(group: Group): Fields {
  return pick(group, groupMembers)
}

/** The like of {@link toUserAttributes}. */
export function toGroupAttributes(document: Fields, known?: Group): GroupAttributes {
  const { displayName, description }: Parsed<typeof groupDocument> = readTypes(groupDocument, document)
  if (displayName === undefined) throw missing('displayName')
  return {
    displayName,
    ...(description !== undefined && { description }),
    ...(known?.externalId !== undefined && { externalId: known.externalId }),
  }
}

function missing(attribute: string): Error {
  return invalid(`${attribute} is a required attribute`)
}

function pick(row: object, members: object): Fields {
  return Object.fromEntries(Object.entries(row).filter(([name]) => Object.hasOwn(members, name)))
}
