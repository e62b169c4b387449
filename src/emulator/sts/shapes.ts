/**
 * @module Shapes that the operations of sts have in common, with their published constraints.
 */
import { integer, list, optional, string, structure } from '../aws/shape.js'

export const arn = string({
  min: 20,
  max: 2048,
  pattern: /[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+/u,
})
export const roleSessionName = string({ min: 2, max: 64, pattern: /[\w+=,.@-]*/ })
export const durationSeconds = integer({ min: 900, max: 43_200 })
export const policyArns = list(structure({ arn: optional(arn) }))
/** A session policy; AssumeRoleWithWebIdentity has a maximum besides. */
export const policyPattern = /[\u0009\u000A\u000D\u0020-\u00FF]+/
