/**
 * @module Reads what the server embedded in the page: a refusal or a problem that this page shows whatever its
 * URL. Anything that is not of that form counts as absent, and the page loads as usual.
 */
import type { PageData } from '../api/contract.js'

export function parsePageData(text: string | null | undefined): PageData | undefined {
  if (!text) return undefined
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof data !== 'object' || data === null || !('kind' in data)) return undefined
  // Written by the server of the same build, which types it; the kind tells that it is this document.
  return data.kind === 'refusal' || data.kind === 'problem' ? (data as PageData) : undefined
}
