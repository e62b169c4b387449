/**
 * @module An organisation file as text, one record a line. It is JSON, and so YAML too: it is read quickly, and lines
 * can be searched, compared and edited.
 */
import type { OrganisationInput } from '../state/organisation-file.js'

export function writeOrganisation(organisation: OrganisationInput): string {
  const parts = Object.entries(organisation).map(
    ([key, value]) =>
      `${JSON.stringify(key)}: ${Array.isArray(value) ? writeRecords(value) : JSON.stringify(value)}`,
  )
  return `{\n${parts.join(',\n')}\n}\n`
}

function writeRecords(records: readonly unknown[]): string {
  if (records.length === 0) return '[]'
  return `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]`
}
