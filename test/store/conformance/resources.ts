/** @module Conformance of resources: revisions, unique keys, pages, the generation. */
import { describe, expect, test } from 'vitest'
import { now, open, refusal, type Engine } from './engine.js'

const document = (name: string) => ({ kind: 'role', version: 'v8', metadata: { name }, spec: { allow: {} } })

export function resourceConformance(engine: Engine): void {
  describe('resources', () => {
    test('a created resource is found as it was written', async () => {
      const { resources } = await open(await engine.newUrl())
      const text = { kind: 'role', spec: { text: 'ünï \u0000 \ud800 "quoted" 😀', list: [1, null, true] } }
      const created = await resources.create({ kind: 'role', name: 'dev', document: text, now })
      expect(created).toMatchObject({ kind: 'role', name: 'dev', createdAt: now, updatedAt: now })
      const found = await resources.find('role', 'dev')
      expect(found).toEqual(created)
      expect(found?.document).toEqual(text)
    })

    test('who wrote a resource last is kept, and not who wrote it before', async () => {
      const { resources } = await open(await engine.newUrl())
      const of = { kind: 'role', name: 'dev', document: {}, now } as const
      const created = await resources.create({ ...of, by: 'ann@example.com' })
      expect(created.updatedBy).toBe('ann@example.com')
      const updated = await resources.update({ ...of, by: 'token/ci', expectedRevision: created.revision })
      expect([updated.updatedBy, (await resources.find('role', 'dev'))?.updatedBy]).toEqual(
        Array(2).fill('token/ci'),
      )
      expect((await resources.list('role')).map(({ updatedBy }) => updatedBy)).toEqual(['token/ci'])
      const { revision: expectedRevision } = updated
      expect((await resources.update({ ...of, expectedRevision })).updatedBy).toBeUndefined()
    })

    test('a name is found in its own kind and spelling only', async () => {
      const { resources } = await open(await engine.newUrl())
      await resources.create({ kind: 'role', name: 'dev', document: {}, now })
      expect(await resources.find('user', 'dev')).toBeUndefined()
      expect(await resources.find('role', 'Dev')).toBeUndefined()
      expect(await resources.find('role', 'dev\0')).toBeUndefined()
    })

    test('what was written since a generation is told, how many there are, and their names', async () => {
      const { resources } = await open(await engine.newUrl())
      const write = (kind: 'role' | 'user', name: string) =>
        resources.create({ kind, name, document: { name }, now })
      const old = await write('role', 'b')
      await write('role', 'gone')
      const kept = await write('user', 'mia')
      const generation = await resources.generation()
      expect(await resources.listSince(generation)).toEqual([])
      await write('role', 'ä')
      await write('role', 'a')
      await resources.update({
        kind: 'role',
        name: 'b',
        document: { n: 2 },
        expectedRevision: old.revision,
        now,
      })
      const { revision = '' } = (await resources.find('role', 'gone')) ?? {}
      await resources.delete({ kind: 'role', name: 'gone', expectedRevision: revision })
      const since = await resources.listSince(generation)
      expect(since.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['role a', 'role b', 'role ä'])
      expect(since[1]?.document).toEqual({ n: 2 })
      expect(await resources.count()).toEqual(
        new Map([
          ['role', 3],
          ['user', 1],
        ]),
      )
      expect(await resources.listNames('role')).toEqual(['a', 'b', 'ä'])
      expect(await resources.listNames('lock')).toEqual([])
      // Revisions are numbers: after nine comes ten.
      for (let turn = 0; turn < 12; turn += 1) {
        const { revision: of = '' } = (await resources.find('role', 'a')) ?? {}
        await resources.update({ kind: 'role', name: 'a', document: { turn }, expectedRevision: of, now })
        expect(await resources.listSince((await resources.generation()) - 1)).toHaveLength(1)
      }
      expect((await resources.find('user', 'mia'))?.revision).toBe(kept.revision)
    })

    test('a taken name is refused and the first stays', async () => {
      const { resources } = await open(await engine.newUrl())
      await resources.create({ kind: 'role', name: 'dev', document: { n: 1 }, now })
      const again = resources.create({ kind: 'role', name: 'dev', document: { n: 2 }, now })
      expect((await refusal(again, 'ALREADY_EXISTS')).message).toBe(
        'role "dev" exists already; change that one, or choose another name',
      )
      expect((await resources.find('role', 'dev'))?.document).toEqual({ n: 1 })
    })

    test('a unique key belongs to one resource of a kind, and the refusal names both', async () => {
      const { resources } = await open(await engine.newUrl())
      const kind = 'saml_idp_service_provider'
      const uniqueKey = 'https://sp.invalid/saml'
      await resources.create({ kind, name: 'first', document: {}, uniqueKey, now })
      const second = resources.create({ kind, name: 'second', document: {}, uniqueKey, now })
      const message =
        'saml_idp_service_provider "second" cannot have the identifier "https://sp.invalid/saml": ' +
        'saml_idp_service_provider "first" has it already; give each its own, or change that one'
      expect((await refusal(second, 'ALREADY_EXISTS')).message).toBe(message)

      const other = await resources.create({
        kind,
        name: 'second',
        document: {},
        uniqueKey: 'https://other',
        now,
      })
      const { revision: expectedRevision } = other
      const moved = resources.update({ kind, name: 'second', expectedRevision, document: {}, uniqueKey, now })
      expect((await refusal(moved, 'ALREADY_EXISTS')).message).toBe(message)
      // Another kind has its own names, and a key is free again with its resource.
      await resources.create({ kind: 'role', name: 'first', document: {}, uniqueKey, now })
      const first = await resources.find(kind, 'first')
      await resources.delete({ kind, name: 'first', expectedRevision: first?.revision ?? '' })
      await resources.update({ kind, name: 'second', expectedRevision, document: {}, uniqueKey, now })
    })

    test('a resource keeps its own unique key over an update', async () => {
      const { resources } = await open(await engine.newUrl())
      const sp = {
        kind: 'saml_idp_service_provider',
        name: 'aws',
        uniqueKey: 'https://a',
        document: {},
        now,
      } as const
      const { revision } = await resources.create(sp)
      await resources.update({ ...sp, expectedRevision: revision, document: { n: 2 } })
      expect((await resources.find(sp.kind, 'aws'))?.document).toEqual({ n: 2 })
    })

    test('an update on the revision that was read replaces the document', async () => {
      const { resources } = await open(await engine.newUrl())
      const { revision } = await resources.create({
        kind: 'role',
        name: 'dev',
        document: document('dev'),
        now,
      })
      const updated = await resources.update({
        kind: 'role',
        name: 'dev',
        expectedRevision: revision,
        document: { n: 2 },
        now: now + 5,
      })
      expect(updated).toMatchObject({ document: { n: 2 }, createdAt: now, updatedAt: now + 5 })
      expect(updated.revision).not.toBe(revision)
      expect(await resources.find('role', 'dev')).toEqual(updated)
    })

    test('an update or deletion on an old revision is refused and says what happened', async () => {
      const { resources } = await open(await engine.newUrl())
      const write = { kind: 'role', name: 'x', document: {}, now } as const
      const { revision: old } = await resources.create(write)
      const { revision: current } = await resources.update({ ...write, expectedRevision: old })
      const message =
        `role "x" was changed since you read it (you have revision ${old}, it is now ${current}); ` +
        'read it again, apply your change to that, and write once more'
      const late = resources.update({ ...write, expectedRevision: old, document: { late: true } })
      const error = await refusal(late, 'REVISION_MISMATCH')
      expect(error.message).toBe(message)
      expect(error.details).toMatchObject({ expectedRevision: old, currentRevision: current })
      const deletion = resources.delete({ kind: 'role', name: 'x', expectedRevision: old })
      expect((await refusal(deletion, 'REVISION_MISMATCH')).message).toBe(message)
      expect((await resources.find('role', 'x'))?.document).toEqual({})
    })

    test('an update or deletion of nothing is refused', async () => {
      const { resources } = await open(await engine.newUrl())
      const nothing = { kind: 'role', name: 'x', expectedRevision: '1' } as const
      const update = resources.update({ ...nothing, document: {}, now })
      expect((await refusal(update, 'NOT_FOUND')).message).toBe('there is no role "x"')
      expect((await refusal(resources.delete(nothing), 'NOT_FOUND')).message).toBe('there is no role "x"')
    })

    test('a revision never returns, not even after deletion', async () => {
      const { resources } = await open(await engine.newUrl())
      const first = await resources.create({ kind: 'role', name: 'x', document: {}, now })
      await resources.delete({ kind: 'role', name: 'x', expectedRevision: first.revision })
      expect(await resources.find('role', 'x')).toBeUndefined()
      const second = await resources.create({ kind: 'role', name: 'x', document: {}, now })
      expect(second.revision).not.toBe(first.revision)
    })

    test('a name that cannot be stored is refused', async () => {
      const { resources } = await open(await engine.newUrl())
      const created = resources.create({ kind: 'role', name: 'a\0b', document: {}, now })
      expect((await refusal(created, 'INVALID_INPUT')).message).toBe(
        'role: the name holds a character that cannot be stored; remove it',
      )
    })

    test('lists are in order of bytes and can be read page by page', async () => {
      const { resources } = await open(await engine.newUrl())
      const names = ['B', '_x', 'a', 'a-b', 'ab', 'z', 'ä']
      for (const name of names.toReversed()) await resources.create({ kind: 'role', name, document: {}, now })
      await resources.create({ kind: 'user', name: 'aa', document: {}, now })
      const all = await resources.list('role')
      expect(all.map(({ name }) => name)).toEqual(names)
      const page = await resources.list('role', { after: 'a', limit: 2 })
      expect(page.map(({ name }) => name)).toEqual(['a-b', 'ab'])
      expect(await resources.list('role', { after: 'ä' })).toEqual([])
    })

    test('the generation grows with each write and with nothing else', async () => {
      const { resources, meta } = await open(await engine.newUrl())
      const steps = [await resources.generation()]
      const { revision } = await resources.create({ kind: 'role', name: 'x', document: {}, now })
      steps.push(await resources.generation())
      await resources.update({ kind: 'role', name: 'x', expectedRevision: revision, document: {}, now })
      steps.push(await resources.generation())
      const { revision: last = '' } = (await resources.find('role', 'x')) ?? {}
      await resources.delete({ kind: 'role', name: 'x', expectedRevision: last })
      steps.push(await resources.generation())
      expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b))
      await meta.put('other', 'value')
      await refusal(resources.delete({ kind: 'role', name: 'x', expectedRevision: last }), 'NOT_FOUND')
      expect(await resources.generation()).toBe(steps.at(-1))
    })

    const query = engine.query?.bind(engine)
    if (query) {
      test('a damaged document fails its own reader only', async () => {
        const url = await engine.newUrl()
        const { resources } = await open(url)
        await resources.create({ kind: 'role', name: 'bad', document: {}, now })
        await resources.create({ kind: 'role', name: 'good', document: { n: 1 }, now })
        await query(url, `update resource set document = '{' where name = 'bad'`)
        const [bad, good] = await resources.list('role')
        expect(good?.document).toEqual({ n: 1 })
        expect(() => bad?.document).toThrow(
          'role "bad" is damaged in the database: its document is not JSON; write it anew or restore a backup',
        )
      })
    }
  })
}
