import { describe, expect, onTestFinished, test } from 'vitest'
import { ManualClock } from '../../src/lib/clock.js'
import { migrate } from '../../src/store/sql/migrate.js'
import { migrations } from '../../src/store/sql/migrations/index.js'
import type { Migration } from '../../src/store/sql/migrations/migration.js'
import { connect, openStore } from '../../src/store/sql/open.js'
import type { SqlScope } from '../../src/store/sql/scope.js'
import { link, uids } from './conformance/audit.js'
import { aSession, hour, now, open, refusal } from './conformance/engine.js'
import { fileEngine, openAndDie, postgresEngine } from './engines.js'

const clock = new ManualClock(now)

/** A migration of the future: it gives every session a colour. */
const colours: Migration = {
  number: 1000,
  name: 'colours',
  statements: ({ text }) => [
    `alter table browser_session add column colour ${text}`,
    `update browser_session set colour = 'blue'`,
  ],
}

function scopeOf(url: string): SqlScope {
  const scope = connect(url)
  onTestFinished(() => scope.db.destroy())
  return scope
}

describe.each([
  ['SQLite', fileEngine],
  ['PostgreSQL', postgresEngine],
])('migrations of %s', (_name, engine) => {
  test('an empty database gets all of them, in order, with the time', async () => {
    const url = await engine.newUrl()
    await migrate(scopeOf(url), migrations, { clock })
    const rows = await engine.query(url, 'select number, name, applied_at from migration order by number')
    expect(
      rows.map((row) => ({ ...row, number: Number(row['number']), applied_at: Number(row['applied_at']) })),
    ).toEqual(migrations.map(({ number, name }) => ({ number, name, applied_at: now })))
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1))
  })

  test('a database that is up to date is left alone', async () => {
    const url = await engine.newUrl()
    const first = await open(url)
    await first.sessions.create(aSession('a'))
    const second = await open(url)
    expect(await second.sessions.find('a')).toEqual(aSession('a'))
    expect(await engine.query(url, 'select * from migration')).toHaveLength(migrations.length)
  })

  test('stores that open an empty database at once migrate it once', async () => {
    const url = await engine.newUrl()
    const stores = await Promise.all([open(url), open(url), open(url)])
    await Promise.all(stores.map((store, index) => store.sessions.create(aSession(`s${index}`))))
    expect(await stores[0].sessions.listByUser('alice@example.com')).toHaveLength(3)
    expect(await engine.query(url, 'select * from migration')).toHaveLength(migrations.length)
  })

  test('processes that open an empty database at once migrate it once', async () => {
    const url = await engine.newUrl()
    await Promise.all(['a', 'b', 'c'].map((uid) => openAndDie(url, 'after', uid)))
    const store = await open(url)
    expect(await store.audit.chain(10, link)).toBe(3)
    expect((await uids(store)).toSorted()).toEqual(['a', 'b', 'c'])
  })

  test('rows of an older version live on in a newer one', async () => {
    const url = await engine.newUrl()
    const old = await open(url)
    await old.sessions.create(aSession('a'))
    await migrate(scopeOf(url), [...migrations, colours], { clock })
    expect(await engine.query(url, 'select token_hash, colour from browser_session')).toEqual([
      { token_hash: 'a', colour: 'blue' },
    ])
    expect(await old.sessions.find('a')).toMatchObject({ user: 'alice@example.com' })
  })

  test('of resources from before writers were kept nobody is the writer', async () => {
    const url = await engine.newUrl()
    await migrate(scopeOf(url), migrations.slice(0, 11), { clock })
    await engine.query(
      url,
      `insert into resource (kind, name, revision, document, created_at, updated_at) values ('role', 'dev', '1', '{}', 1, 1)`,
    )
    const store = await open(url)
    expect(await store.resources.find('role', 'dev')).toMatchObject({ updatedBy: undefined, updatedAt: 1 })
  })

  test('sessions from before command lines could sign in are those of browsers', async () => {
    const url = await engine.newUrl()
    await migrate(scopeOf(url), migrations.slice(0, 1), { clock })
    await engine.query(
      url,
      `insert into browser_session (token_hash, id, user_name, stage, methods, created_at, authenticated_at,
        last_seen_at, expires_at, idle_timeout_ms, address, user_agent)
       values ('a', 'id-a', 'alice@example.com', 'full', '["password","totp"]', ${now}, ${now},
        ${now}, ${now + 12 * hour}, null, '192.0.2.7', 'Mozilla/5.0')`,
    )
    const store = await open(url)
    expect(await store.sessions.find('a')).toEqual(aSession('a'))
  })

  test('changes of AWS from before new assignments were counted are counted with their pairs', async () => {
    const url = await engine.newUrl()
    await migrate(scopeOf(url), migrations.slice(0, 4), { clock })
    const pair = '111122223333/arn:aws:sso:::permissionSet/ssoins-1/ps-1'
    const rows = [
      ['a', `assignment.create ${pair} group/g 1`, 'null, 0', 'succeeded', now],
      ['b', `assignment.delete ${pair} user:ada@example.com`, "'assignment.delete', 1", 'succeeded', now],
      ['c', 'members.remove g 0f list', "'members.remove', 7", 'succeeded', now],
      ['d', 'members.add g 0f list', 'null, 0', 'succeeded', now],
      ['e', `assignment.create ${pair} user/u`, 'null, 0', 'open', null],
      ['f', `assignment.create ${pair} user/u`, 'null, 0', 'failed', now],
    ] as const
    for (const [id, key, removes, state, endedAt] of rows) {
      await engine.query(
        url,
        `insert into change_record (plugin, id, action_key, action, removes, removed_count, begun_at, holder, state,
          ended_at) values ('p', '${id}', '${key}', '{}', ${removes}, ${now}, 'one', '${state}', ${endedAt})`,
      )
    }
    const { changes } = await open(url)
    const done = { pair: undefined, openKey: undefined }
    expect(await changes.countSince('p', now)).toEqual([
      { ...done, kind: 'assignment.create', pair, count: 1 },
      { ...done, kind: 'assignment.delete', pair, count: 1 },
      { ...done, kind: 'members.remove', count: 7 },
      { kind: 'assignment.create', pair, count: 1, openKey: rows[4][1] },
    ])
  })

  test('the last sign-ins of users who are there are read from the log, those of earlier ones of the name are not', async () => {
    const url = await engine.newUrl()
    await migrate(scopeOf(url), migrations.slice(0, 9), { clock })
    await engine.query(
      url,
      `insert into resource (kind, name, revision, document, created_at, updated_at)
       values ('user', 'ann', '1', '{}', ${now}, ${now}), ('user', 'bob', '1', '{}', ${now}, ${now})`,
    )
    const events = [
      ['a', 'ann', 1, now + 1, 'aws'],
      ['b', 'ann', 1, now + 2, 'aws'],
      ['c', 'ann', 0, now + 3, 'aws'],
      ['d', 'ann', 1, now + 4, 'wiki'],
      ['e', 'bob', 1, now - 1, 'aws'],
      ['f', 'gone', 1, now + 1, 'aws'],
      ['g', 'ann', 1, now + 5, undefined],
    ] as const
    for (const [uid, name, success, time, provider] of events) {
      const json = JSON.stringify({
        ...(provider && { service_provider_name: provider }),
        user_agent: '\0\ud800',
      })
      await engine.query(
        url,
        `insert into audit_event (uid, event_type, user_name, success, time_ms, json)
         values ('${uid}', 'saml.idp.auth', '${name}', ${success}, ${time}, '${json}')`,
      )
    }
    const { signIns } = await open(url)
    const names = ['ann', 'bob', 'gone']
    expect([...(await signIns.lastSignIns(names, ['aws']))]).toEqual([['ann', now + 2]])
    expect([...(await signIns.lastSignIns(names, ['wiki']))]).toEqual([['ann', now + 4]])
  })

  test('a database of a newer version is worked with, while the newer one works, too', async () => {
    const url = await engine.newUrl()
    const old = await open(url)
    await old.sessions.create(aSession('before'))
    await migrate(scopeOf(url), [...migrations, colours], { clock })
    const restarted = await open(url)
    await restarted.sessions.create(aSession('after'))
    expect(
      await engine.query(url, 'select token_hash, colour from browser_session order by created_at'),
    ).toEqual(
      expect.arrayContaining([
        { token_hash: 'before', colour: 'blue' },
        { token_hash: 'after', colour: null },
      ]),
    )
    expect(await old.sessions.find('after')).toEqual(aSession('after'))
    expect(await engine.query(url, 'select * from migration')).toHaveLength(migrations.length + 1)
  })

  test('a database that only newer versions can work with is refused and left as it is', async () => {
    const url = await engine.newUrl()
    const later: Migration = { number: 1001, name: 'no-more-ids', minimum: 1000, statements: () => [] }
    await migrate(scopeOf(url), [...migrations, colours, later], { clock })
    const newest = Math.max(...migrations.map(({ number }) => number))
    const message =
      'the database has had migration 1000 "colours", which this version of Gatehouse does not know: it was made by ' +
      'a newer version, and only versions that know migration 1000 can work with it ' +
      `(this one knows ${newest}); start a newer version, or restore a backup`
    expect((await refusal(openStore({ url }), 'MIGRATION_FAILED')).message).toBe(message)
    expect(await engine.query(url, 'select * from migration')).toHaveLength(migrations.length + 2)
    // One that knows as much as it takes need not know all.
    await migrate(scopeOf(url), [...migrations, colours], { clock })
  })

  test('a database of another program is refused', async () => {
    const url = await engine.newUrl()
    await migrate(scopeOf(url), migrations, { clock })
    await engine.query(url, `update migration set name = 'other' where number = 2`)
    expect((await refusal(openStore({ url }), 'MIGRATION_FAILED')).message).toBe(
      'the database has had migration 2 "other", which this version of Gatehouse does not know: it was made by ' +
        'another program; start that one, or restore a backup',
    )
  })

  test('a migration that fails leaves nothing behind and says which it was', async () => {
    const url = await engine.newUrl()
    const scope = scopeOf(url)
    await migrate(scope, migrations, { clock })
    const broken: Migration = {
      ...colours,
      statements: (types) => [...colours.statements(types), 'insert into nowhere values (1)'],
    }
    const error = await refusal(migrate(scope, [...migrations, broken], { clock }), 'MIGRATION_FAILED')
    expect(error.message).toMatch(
      /^migration 1000 "colours" failed and the database was left as it was: .*nowhere/,
    )
    expect(await engine.query(url, 'select * from migration')).toHaveLength(migrations.length)
    await migrate(scope, [...migrations, colours], { clock })
  })
})
