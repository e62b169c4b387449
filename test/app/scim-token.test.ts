/** The SCIM token of a file: whoever may write the plugin, and never saw the token, cannot have it sent elsewhere. */
import { createSecretKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { keepConfiguredScimToken } from '../../src/app/scim-token.js'
import { createSealer } from '../../src/keys/sealer.js'
import { scimTokenContext } from '../../src/service/identity-center/scim-tokens.js'
import { plugin, scimUrl } from '../kinds/plugin/documents.js'
import { openWorld } from '../service/resources/world.js'

const name = 'aws-identity-center'
const token = 'a'.repeat(200)
const host = 'scim.eu-central-1.amazonaws.com'
const elsewhere = 'https://scim.other.example/a/scim/v2'
const at = (base_url: string) => plugin({ provisioning_spec: { base_url, allow_other_host: true } })

async function open() {
  const world = await openWorld()
  const sealer = createSealer(createSecretKey(Buffer.alloc(32, 7)))
  await world.apply(at(scimUrl))
  return {
    world,
    /** What a start of the gateway does. */
    start: (given = token) => keepConfiguredScimToken({ ...world.deps, sealer }, given),
    kept: async () =>
      await Promise.all(
        (await world.store.scimTokens.list(name)).map(async (row) => [
          row.host,
          await sealer.unseal(row.sealedToken, scimTokenContext(name, row.slot)),
        ]),
      ),
    /** As `PUT scim` and the kind do together: the new address comes with a token of its own. */
    move: async () => {
      const times = { addedAt: world.clock.now(), expiresAt: world.clock.now() + 1, refusedAt: undefined }
      const sealedToken = await sealer.seal('junk', scimTokenContext(name, 2))
      const row = { slot: 2, sealedToken, host: 'scim.other.example', addedBy: 'mallory', ...times } as const
      await world.store.scimTokens.put(name, row)
      await world.apply(at(elsewhere))
    },
  }
}

test('is kept once, however often the gateway starts', async () => {
  const { start, kept } = await open()
  expect(await start()).toBeUndefined()
  expect(await start()).toBeUndefined()
  expect(await kept()).toEqual([[host, token]])
})

test('is not bound to another host because the plugin names one by now', async () => {
  const { start, kept, move } = await open()
  await start()
  await move()
  expect(await start()).toContain(`was given for ${host}, and the plugin names scim.other.example now`)
  expect(await kept()).toEqual([['scim.other.example', 'junk']])
})

test('nor after the plugin was removed and made again', async () => {
  const { world, start, kept } = await open()
  await start()
  await world.remove('plugin', name)
  await world.apply(at(elsewhere))
  expect(await start()).toContain(`was given for ${host}`)
  expect(await kept()).toEqual([])
})

test('is known from before hosts were written down', async () => {
  const { world, start, kept, move } = await open()
  await start()
  await world.store.notes.delete('aws-identity-center-configured-scim-token')
  expect(await start()).toBeUndefined()
  await move()
  expect(await start()).toContain(`was given for ${host}`)
  expect(await kept()).toEqual([['scim.other.example', 'junk']])
})

test('another one in the file goes to the host of the day', async () => {
  const { start, kept, move } = await open()
  await start()
  await move()
  const other = 'b'.repeat(200)
  expect(await start(other)).toBeUndefined()
  expect(await kept()).toContainEqual(['scim.other.example', other])
})

test('stands in the notes as its digest alone', async () => {
  const { world, start } = await open()
  await start()
  const note = await world.store.notes.find('aws-identity-center-configured-scim-token')
  expect(note).toMatchObject({ host })
  expect(JSON.stringify(note)).not.toContain(token)
})
