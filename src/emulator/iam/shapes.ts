/**
 * @module Shapes that the operations of iam have in common, with their published constraints.
 */
import { integer, list, optional, required, string, structure } from '../aws/shape.js'

export const roleName = string({ min: 1, max: 64, pattern: /[\w+=,.@-]+/ })
export const policyName = string({ min: 1, max: 128, pattern: /[\w+=,.@-]+/ })
export const path = string({ min: 1, max: 512, pattern: /(\u002F)|(\u002F[\u0021-\u007E]+\u002F)/ })
export const arn = string({ min: 20, max: 2048 })
export const policyDocument = string({
  min: 1,
  max: 131_072,
  pattern: /[\u0009\u000A\u000D\u0020-\u00FF]+/,
})
export const roleDescription = string({
  min: 0,
  max: 1000,
  pattern: /[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*/,
})
export const maxSessionDuration = integer({ min: 3600, max: 43_200 })
export const tags = list(
  structure({
    Key: required(string({ min: 1, max: 128, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@]+/u })),
    Value: required(string({ min: 0, max: 256, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@]*/u })),
  }),
  { max: 50 },
)
export const clientId = string({ min: 1, max: 255 })
export const thumbprints = list(string({ min: 40, max: 40 }))

/** What every paged list takes. */
export const paging = {
  Marker: optional(string({ min: 1, max: 320, pattern: /[\u0020-\u00FF]+/ })),
  MaxItems: optional(integer({ min: 1, max: 1000 })),
}
