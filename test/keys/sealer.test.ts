/** @module Sealing: what opens, and above all what does not. */
import { createSecretKey, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { CompactEncrypt } from 'jose'
import { describe, expect, test } from 'vitest'
import { createSealer } from '../../src/keys/sealer.js'

const masterKey = createSecretKey(Buffer.alloc(32, 1))
const sealer = createSealer(masterKey)
const refusal = (message: RegExp) =>
  expect.objectContaining({
    code: 'UNSEAL_FAILED',
    message: expect.stringMatching(message) as string,
  }) as Error

test('any text opens under its context', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 500 })
  await fc.assert(
    fc.asyncProperty(text, text, async (plaintext, context) => {
      expect(await sealer.unseal(await sealer.seal(plaintext, context), context)).toBe(plaintext)
    }),
    { numRuns: 50 },
  )
})

test('the same text is sealed differently each time, and shows nothing of itself', async () => {
  const [a, b] = await Promise.all([sealer.seal('secret', 'c'), sealer.seal('secret', 'c')])
  expect(a).not.toBe(b)
  expect(Buffer.from(a, 'base64url').toString('latin1')).not.toContain('secret')
  expect(JSON.parse(Buffer.from(a.split('.')[0] ?? '', 'base64url').toString())).toEqual({
    alg: 'dir',
    enc: 'A256GCM',
    kid: expect.stringMatching(/^[\w-]{12}$/) as string,
    ctx: 'c',
  })
})

describe('a sealed text does not open', () => {
  test('in another place', async () => {
    const sealed = await sealer.seal('secret', 'totp/alice')
    await expect(sealer.unseal(sealed, 'totp/bob')).rejects.toThrow(
      refusal(/^the stored secret "totp\/bob" does not open: it was sealed as "totp\/alice"$/),
    )
  })

  test('in another place, when its header is rewritten', async () => {
    const [header = '', ...rest] = (await sealer.seal('secret', 'totp/alice')).split('.')
    const forged = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>
    const moved = Buffer.from(JSON.stringify({ ...forged, ctx: 'totp/bob' })).toString('base64url')
    await expect(sealer.unseal([moved, ...rest].join('.'), 'totp/bob')).rejects.toThrow(
      refusal(/it was changed after it was sealed/),
    )
  })

  test('with another master key', async () => {
    const sealed = await sealer.seal('secret', 'c')
    const other = createSealer(createSecretKey(Buffer.alloc(32, 2)))
    await expect(other.unseal(sealed, 'c')).rejects.toThrow(
      refusal(/it was sealed with master key "[\w-]{12}", this one is [\w-]{12}$/),
    )
  })

  test('after any change of a character', async () => {
    const sealed = await sealer.seal('secret', 'c')
    await fc.assert(
      fc.asyncProperty(
        fc.nat(sealed.length - 1),
        fc.constantFrom('A', 'B', '.', '_', '~'),
        async (at, other) => {
          const changed = sealed.slice(0, at) + other + sealed.slice(at + 1)
          // The unused bits of the last character of a part are not part of its value.
          const bytes = (text: string) =>
            text.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'))
          fc.pre(bytes(changed).join('.') !== bytes(sealed).join('.'))
          await expect(sealer.unseal(changed, 'c')).rejects.toThrow(
            refusal(/does not open|not in sealed form/),
          )
        },
      ),
    )
  })

  test.each(['', 'plain', 'a.b.c', 'a.b.c.d.e', '....'])('when it is none: %j', async (text) => {
    await expect(sealer.unseal(text, 'c')).rejects.toThrow(refusal(/not in sealed form/))
  })

  test('when it is of another algorithm, though made with the right key', async () => {
    const { kid } = JSON.parse(
      Buffer.from((await sealer.seal('x', 'c')).split('.')[0] ?? '', 'base64url').toString(),
    ) as { kid: string }
    const key = new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(), 'gatehouse seal v1\nc', 32))
    const sealed = await new CompactEncrypt(new TextEncoder().encode('x'))
      .setProtectedHeader({ alg: 'A256GCMKW', enc: 'A256GCM', kid, ctx: 'c' })
      .encrypt(key)
    await expect(sealer.unseal(sealed, 'c')).rejects.toThrow(refusal(/does not open/))
  })
})
