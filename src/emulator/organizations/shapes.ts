/**
 * @module Input shapes that several operations of organizations share, as published.
 */
import { integer, optional, string } from '../aws/shape.js'

export const accountId = string({ max: 12, pattern: /^\d{12}$/ })
export const unitId = string({ max: 68, pattern: /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/ })
export const parentId = string({
  max: 100,
  pattern: /^(r-[0-9a-z]{4,32})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
})
export const childId = string({ max: 100, pattern: /^(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/ })

export const nextToken = { NextToken: optional(string({ max: 100_000, pattern: /[\s\S]*/ })) }

/** What every list takes that comes in pages of a size of the caller's choice. */
export const paging = { ...nextToken, MaxResults: optional(integer({ min: 1, max: 20 })) }
