/**
 * @module Answers of AWS, hostile until parsed: every id has its documented form, every text is bounded, every list is
 * one. What has another form fails the call and names the member; nothing is guessed and no row is skipped.
 */
import type { AwsService } from '../core/governor/call.js'
import { wordsOfRefusal } from '../core/governor/error-words.js'
import { findRepeated } from '../lib/pages.js'
import { badAnswer } from './errors.js'

/** Forms of AWS's service models. */
export const forms = {
  accountId: /^\d{12}$/,
  instanceArn: /^arn:aws(?:-[a-z]{1,8}){0,3}:sso:::instance\/(?:sso)?ins-[a-zA-Z0-9-.]{16}$/,
  permissionSetArn:
    /^arn:aws(?:-[a-z]{1,8}){0,3}:sso:::permissionSet\/(?:sso)?ins-[a-zA-Z0-9-.]{16}\/ps-[a-zA-Z0-9-.]{16}$/,
  principalId: /^(?:[0-9a-f]{10}-)?[A-Fa-f0-9]{8}(?:-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}$/,
  identityStoreId: /^(?:d-[0-9a-f]{10}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
  accountArn: /^arn:aws(?:-[a-z]{1,8}){0,3}:organizations::\d{12}:account\/o-[a-z0-9]{10,32}\/\d{12}$/,
  arn: /^arn:aws(?:-[a-z]{1,8}){0,3}:[\w+=,.@:/-]{1,2000}$/,
  unitId: /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/,
  word: /^[A-Z][A-Z_]{0,63}$/,
  requestId: /^[0-9a-fA-F-]{36}$/,
  any: /^/,
} as const

/** The longest text that the models allow for what we read. */
const longestText = 2048
/** No page of AWS has as many rows. */
const longestPage = 1000

export interface AnswerParser {
  text(value: unknown, member: string, form?: RegExp): string
  /** Undefined for what is not there, and for an empty text. */
  optionalText(value: unknown, member: string, form?: RegExp): string | undefined
  list<T>(value: readonly T[] | undefined, member: string): readonly T[]
  present<T>(value: T | undefined | null, member: string): T
  /** The rows of a whole list, of which no two say the same here. */
  unique<T>(rows: readonly T[], member: string, of: (row: T) => string): readonly T[]
  fail(what: string): never
}

/** A parser of the answers of one operation. Its methods throw AwsCallError `invalid`. */
export function answerOf(service: AwsService, operation: string): AnswerParser {
  const fail = (what: string): never => {
    throw badAnswer(service, operation, what)
  }
  const text = (value: unknown, member: string, form: RegExp = forms.any): string => {
    if (typeof value !== 'string' || value === '') return fail(`no ${member}`)
    if (value.length > longestText) return fail(`a ${member} of more than ${longestText} characters`)
    if (!form.test(value)) return fail(`a ${member} of a form that AWS does not document`)
    return value
  }
  return {
    fail,
    text,
    optionalText: (value, member, form) =>
      value === undefined || value === null || value === '' ? undefined : text(value, member, form),
    list(value, member) {
      const rows = value ?? []
      if (!Array.isArray(rows)) return fail(`a ${member} that is no list`)
      if (rows.length > longestPage) return fail(`more than ${longestPage} ${member} in one page`)
      return value ?? []
    },
    present: (value, member) => value ?? fail(`no ${member}`),
    unique(rows, member, of) {
      const twice = findRepeated(rows, of)
      if (twice === undefined) return rows
      return fail(
        `the same ${member} in two rows: ${wordsOfRefusal(JSON.stringify(twice.slice(0, 200)), '')}`,
      )
    },
  }
}
