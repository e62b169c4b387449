/** @module Forms of values that several requests share. */
import { z } from 'zod'

export const userName = z.string().min(1).max(254)
export const password = z.string().min(1).max(1024)
export const totpCode = z.string().regex(/^\d{6}$/, 'six digits')
export const secret = z.string().min(20).max(200)

/** A right is a verb on a resource, as role `rules` write them. */
export interface Right {
  resource: string
  verb: string
}

/** Every list answers with a page of its items. */
export interface Page<T> {
  items: T[]
  /** Give it back as `cursor` for the next page; absent on the last one. */
  nextCursor?: string | undefined
}
