/** Several first sign-ins of one person at once: on both engines all of them are the same user. */
import { describe, expect, test } from 'vitest'
import { memoryEngine, postgresEngine } from '../../store/engines.js'
import { enterAs, groups, identity, openHouseWithOkta } from './upstream.js'

describe.each([
  ['SQLite', memoryEngine],
  ['PostgreSQL', postgresEngine],
] as const)('on %s', (_, engine) => {
  test.each([
    ['a stranger', undefined],
    ['a user whom the directory made', { roles: [], created_by: { connector: { id: 'okta' } } }],
  ])('%s who comes in by two windows at once is let in by both, as one user', async (_, spec) => {
    await using house = await openHouseWithOkta(groups, { url: await engine.newUrl() })
    if (spec !== undefined) await house.putUser('zoe@example.com', spec)
    const all = await Promise.all(Array.from({ length: 4 }, () => enterAs(house, identity())))
    expect(all.map(({ session }) => session.user)).toEqual(Array.from({ length: 4 }, () => 'zoe@example.com'))
    expect(await house.store.sessions.listByUser('zoe@example.com')).toHaveLength(4)
    const events = (await house.events()).filter(({ event }) => event === 'user.login')
    expect(events.map(({ bound }) => bound).sort()).toEqual([true, undefined, undefined, undefined])
  })

  test('so is somebody whom the provider calls differently in each window', async () => {
    await using house = await openHouseWithOkta(groups, { url: await engine.newUrl() })
    const names = ['zoe@example.com', 'Zoe@example.com', 'zoe.miller@example.com']
    const all = await Promise.all(names.map((username) => enterAs(house, identity({ username }))))
    const users = (await house.deps.catalog.listUsers()).map(({ value }) => value.name)
    expect(users).toHaveLength(1)
    expect(all.map(({ session }) => session.user)).toEqual(names.map(() => users[0]))
  })

  test('two subjects under one name are not: one of them is refused', async () => {
    await using house = await openHouseWithOkta(groups, { url: await engine.newUrl() })
    const subjects = ['1', '2'].map((one) => `https://okta.example.com#${one}`)
    const all = await Promise.allSettled(subjects.map((subject) => enterAs(house, identity({ subject }))))
    expect(all.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const lost = all.find((one) => one.status === 'rejected')
    expect(lost?.reason).toMatchObject({ code: 'CONNECTOR_REFUSED' })
  })
})
