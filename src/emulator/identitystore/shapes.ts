/**
 * @module Input shapes that several operations share, with the published constraints.
 */
import {
  anyDocument,
  integer,
  list,
  optional,
  required,
  string,
  structure,
  union,
  type Parsed,
} from '../aws/shape.js'
import { externalIdRule, idRule, textRule } from '../directory/value-rules.js'

export const identityStoreId = required(
  string({
    min: 1,
    max: 36,
    pattern: /d-[0-9a-f]{10}$|^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/,
  }),
)

/** Id of a user, a group or a membership. */
export const resourceId = string({ ...idRule })

export const memberId = required(union({ UserId: optional(resourceId) }))

/** The user of a member; AWS has no members of another kind, and the shape refuses a union without any. */
export function readMember({ UserId }: Parsed<(typeof memberId)['shape']>): string {
  return UserId ?? ''
}

export const maxResults = optional(integer({ min: 1, max: 100 }))

export const nextToken = optional(string({ min: 1, max: 65_535, pattern: /[-a-zA-Z0-9+=/:_]*/ }))

export const attributePath = string({
  min: 1,
  max: 255,
  pattern: /(?:\p{L}+:\p{L}+:\p{L}+(?:\.\p{L}+){0,3}|\p{L}+(?:\.\p{L}+){0,2})/u,
})

/** Texts of persons: messages never repeat them. */
export const text = string({ ...textRule, sensitive: true })

export const extensionName = string({ min: 1, max: 50, pattern: /aws:identitystore:[a-z]{1,20}/ })

export const extensionNames = optional(list(extensionName, { min: 1, max: 10 }))

export const operations = required(
  list(structure({ AttributePath: required(attributePath), AttributeValue: optional(anyDocument) }), {
    min: 1,
    max: 100,
  }),
)

export const filters = optional(
  list(structure({ AttributePath: required(attributePath), AttributeValue: required(text) }), {
    min: 0,
    max: 1,
  }),
)

const externalIdPart = string({ ...externalIdRule, sensitive: true })

export const alternateIdentifier = required(
  union({
    ExternalId: optional(structure({ Issuer: required(externalIdPart), Id: required(externalIdPart) })),
    UniqueAttribute: optional(
      structure({ AttributePath: required(attributePath), AttributeValue: required(anyDocument) }),
    ),
  }),
)
