/**
 * @module Reads an organisation file from disk.
 */
import { readFile } from 'node:fs/promises'
import { invalidInput } from '../error.js'
import { parseOrganisation, type Organisation } from './organisation.js'

/** @throws EmulatorError when the file cannot be read or does not hold together */
export async function loadOrganisation(file: string): Promise<Organisation> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw invalidInput(
      `the organisation file ${file} cannot be read: ${error instanceof Error ? error.message : ''}`,
    )
  }
  return parseOrganisation(text, file)
}
