/** @module Signing keys and their rollover, as the page reads and steps them. */
import { queryOptions } from '@tanstack/react-query'
import type { SigningKeysAnswer } from '../../api/contract.js'
import { apiPaths } from '../path-builder.js'
import { getJson, sendJson } from './client.js'

export type KeyPurpose = SigningKeysAnswer['kind']
export type RotationStep = SigningKeysAnswer['possible'][number]

export const keysQuery = (kind: KeyPurpose) =>
  queryOptions({
    queryKey: ['keys', kind],
    queryFn: ({ signal }) => getJson<SigningKeysAnswer>(apiPaths.keys(kind), signal),
  })

export function rotateKeys(kind: KeyPurpose, step: RotationStep): Promise<SigningKeysAnswer> {
  return sendJson<SigningKeysAnswer>('POST', apiPaths.keysRotate(kind), { step })
}
