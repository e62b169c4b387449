/** Requests in the shapes that Okta and Entra document: `fixtures/scim`, sent to a gateway one after the other. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDirectoryHouse, type Method, type TestDirectory } from '../../support/directory.js'

interface Shape {
  readonly about: string
  readonly start: { readonly displayName?: string; readonly members?: string[] } | null
  readonly request: { readonly method: Method; readonly path: string; readonly body: object }
  readonly expect: {
    readonly status: number
    readonly body: object
    readonly absent: readonly string[]
    readonly members?: readonly string[]
  }
}

const folder = fileURLToPath(new URL('../../../fixtures/scim', import.meta.url))
const shapesOf = (upstream: string): [string, Shape][] =>
  readdirSync(`${folder}/${upstream}`).map((file) => [
    file.replace('.json', ''),
    JSON.parse(readFileSync(`${folder}/${upstream}/${file}`, 'utf8')) as Shape,
  ])

describe.each(['okta', 'entra'])('%s', (upstream) => {
  let directory: TestDirectory
  let dispose: () => Promise<void>
  beforeAll(async () => {
    const { connect } = await openDirectoryHouse({}, (given) => (dispose = given))
    directory = await connect(upstream)
  })
  afterAll(() => dispose())

  test.each(shapesOf(upstream))('%s', async (_, shape) => {
    const ids = new Map<string, string>()
    const filled = <T>(value: T): T =>
      JSON.parse(
        JSON.stringify(value).replaceAll(
          /\{(id|first|second)\}/g,
          (_all, name: string) => ids.get(name) ?? '',
        ),
      ) as T
    const isGroup = shape.request.path.startsWith('/Groups')
    if (isGroup) {
      for (const name of ['first', 'second'])
        ids.set(name, (await directory.pushUser(`${name}@example.com`)).id)
    }
    const { start } = shape
    if (start !== null) {
      const made = isGroup
        ? await directory.pushGroup(start.displayName ?? '', filled(start.members ?? []))
        : await directory.ask('post', '/Users', start).then(({ body }) => body as { id: string })
      ids.set('id', made.id)
    }
    const { method, path, body } = filled(shape.request)
    const answer = await directory.ask(method, path, body)
    expect([answer.status, answer.body.detail]).toEqual([shape.expect.status, undefined])
    const shown = (await directory.ask('get', `/${isGroup ? 'Groups' : 'Users'}/${answer.body.id}`)).body
    expect(shown).toEqual(answer.body)
    expect(shown).toMatchObject(shape.expect.body)
    for (const name of shape.expect.absent) expect(shown).not.toHaveProperty(name)
    if (shape.expect.members !== undefined) {
      const members = (shown.members ?? []) as { value: string }[]
      expect(members.map(({ value }) => value).sort()).toEqual([...filled(shape.expect.members)].sort())
    }
    await directory.ask('delete', `/${isGroup ? 'Groups' : 'Users'}/${answer.body.id}`)
    for (const name of ['first', 'second']) await directory.ask('delete', `/Users/${ids.get(name) ?? 'none'}`)
  })
})
