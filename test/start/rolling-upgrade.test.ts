/**
 * Two gateways of an earlier version are replaced by two of a later one, which knows one migration more, while people sign
 * in all the time by way of a balancer, and nobody notices.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Argon2Hasher } from '../../src/authn/password.js'
import { openStore } from '../../src/store/sql/open.js'
import { createPostgresSchema, queryPostgres } from '../support/postgres.js'
import { startGateway, type RunningGateway } from '../support/process.js'
import { cheapPasswords } from '../support/test-gateway.js'

const future = new URL('../support/future.mjs', import.meta.url).href
const program = new URL('../../dist/main.js', import.meta.url).pathname
const password = 'a long enough password'
const people = ['ann', 'bob'].map((name) => `${name}@example.com`)

/** Passes each request to the next replica; where that one takes no connections any more, to another. */
class Balancer {
  replicas: readonly RunningGateway[] = []
  #next = 0

  async signIn(user: string): Promise<number> {
    for (let attempt = 0; ; attempt++) {
      const replica = this.replicas[this.#next++ % this.replicas.length]
      if (replica === undefined) throw new Error('nobody serves')
      try {
        return await post(`${replica.url}/v1/sign-in`, { user, password })
      } catch (error) {
        const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
        if (!isRefused || attempt === 5) throw error
      }
    }
  }
}

/** On a connection of its own, as a balancer does that keeps none. */
function post(url: string, body: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      origin: 'http://localhost:3080',
      connection: 'close',
    }
    const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
      response
        .on('error', reject)
        .on('end', () => resolve(response.statusCode ?? 0))
        .resume()
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}

test('replicas are replaced one by one by those of a later version without a failed sign-in', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'gatehouse-upgrade-'))
  onTestFinished(() => rm(cwd, { recursive: true, force: true }))
  const databaseUrl = await createPostgresSchema()
  const users = people.map(
    (name) => `{ kind: user, version: v2, metadata: { name: ${name} }, spec: { roles: [] } }`,
  )
  const preference =
    '{ kind: cluster_auth_preference, version: v2, metadata: { name: cluster-auth-preference }, spec: { second_factor: optional } }'
  await writeFile(join(cwd, 'people.yaml'), [preference, ...users].join('\n---\n'))
  const masterKey = randomBytes(32).toString('base64url')
  const start = async (name: string, instead?: readonly string[]): Promise<RunningGateway> => {
    const gateway = await startGateway({
      cwd,
      ...(instead && { instead }),
      env: {
        GATEHOUSE_PUBLIC_URL: 'http://localhost:3080',
        GATEHOUSE_LISTEN: '127.0.0.1:0',
        GATEHOUSE_LOG_LEVEL: 'error',
        GATEHOUSE_DATA_DIR: join(cwd, name),
        GATEHOUSE_DATABASE_URL: databaseUrl,
        GATEHOUSE_MASTER_KEY: masterKey,
        GATEHOUSE_BOOTSTRAP_FILE: join(cwd, 'people.yaml'),
      },
    })
    onTestFinished(async () => {
      await gateway.stop()
    })
    return gateway
  }
  const later = (name: string) => start(name, ['--import', future, program])
  const migrated = async () =>
    (await queryPostgres(databaseUrl, 'select 1 from migration where number = 1000')).length

  const balancer = new Balancer()
  const [one, two] = await Promise.all([start('one'), start('two')])
  balancer.replicas = [one, two]
  const hasher = new Argon2Hasher({ cost: cheapPasswords })
  {
    await using store = await openStore({ url: databaseUrl })
    for (const user of people) {
      await store.credentials.putPassword({ user, hash: await hasher.hash(password), changedAt: 0 })
    }
  }

  const answers: number[] = []
  let isOver = false
  const load = people.map(async (user) => {
    while (!isOver) answers.push(await balancer.signIn(user))
  })
  /** Until everybody has signed in some more. */
  const someMore = async () => {
    const upTo = answers.length + 20
    while (answers.length < upTo) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const replace = async (old: RunningGateway, by: RunningGateway) => {
    balancer.replicas = [...balancer.replicas, by]
    await someMore()
    // It ends while requests are on their way to it; the balancer finds out by what is refused.
    expect(await old.stop()).toBe(0)
    await someMore()
    balancer.replicas = balancer.replicas.filter((one) => one !== old)
  }
  await someMore()
  expect(await migrated()).toBe(0)
  const three = await later('three')
  expect(await migrated()).toBe(1)
  // The earlier versions work beside the later one, also one that starts only now.
  await replace(one, three)
  await replace(two, await start('two again'))
  await replace(balancer.replicas[1] ?? two, await later('four'))
  isOver = true
  await Promise.all(load)
  expect(new Set(answers)).toEqual(new Set([200]))
}, 240_000)
