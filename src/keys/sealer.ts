/**
 * @module Seals small secrets for storage: JWE (RFC 7516) with `dir` and A256GCM. Each context has a content key of
 * its own, derived from the master key by HKDF (RFC 5869), and stands in the protected header too, so a sealed value
 * that is moved to another place does not open there. A random 96-bit IV is drawn for each value.
 */
import { hkdfSync, type KeyObject } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, errors } from 'jose'
import { GatewayError } from '../core/error.js'
import type { Sealer } from './keys.js'

/** Makes the sealer for this master key. */
export function createSealer(masterKey: KeyObject): Sealer {
  const keyId = Buffer.from(derive(masterKey, 'gatehouse master key id', 9)).toString('base64url')
  const contentKey = (context: string) =>
    new Uint8Array(derive(masterKey, `gatehouse seal v1\n${context}`, 32))

  return {
    async seal(plaintext, context) {
      return await new CompactEncrypt(new TextEncoder().encode(plaintext))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: keyId, ctx: context })
        .encrypt(contentKey(context))
    },

    async unseal(sealed, context) {
      const header = readHeader(sealed)
      if (header.kid !== keyId) {
        throw unsealError(context, `it was sealed with master key ${text(header.kid)}, this one is ${keyId}`)
      }
      if (header['ctx'] !== context) {
        throw unsealError(context, `it was sealed as ${text(header['ctx'])}`)
      }
      try {
        const { plaintext } = await compactDecrypt(sealed, contentKey(context), {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        })
        return new TextDecoder('utf-8', { fatal: true }).decode(plaintext)
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error
        throw unsealError(context, 'it was changed after it was sealed', error)
      }
    },
  }
}

function derive(masterKey: KeyObject, info: string, length: number): ArrayBuffer {
  return hkdfSync('sha256', masterKey, new Uint8Array(), info, length)
}

function readHeader(sealed: string): ReturnType<typeof decodeProtectedHeader> {
  try {
    return decodeProtectedHeader(sealed)
  } catch (error) {
    throw new GatewayError('UNSEAL_FAILED', 'a stored secret is not in sealed form', {}, { cause: error })
  }
}

function unsealError(context: string, problem: string, cause?: unknown): GatewayError {
  return new GatewayError(
    'UNSEAL_FAILED',
    `the stored secret "${context}" does not open: ${problem}`,
    { context },
    { cause },
  )
}

function text(value: unknown): string {
  return typeof value === 'string' ? `"${value.slice(0, 80)}"` : 'something unnamed'
}
