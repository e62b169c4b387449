/**
 * The wire fixtures: request and answer of every operation as AWS publishes them, written apart from the emulator,
 * so that a misreading of one is not also in the other. Each folder of `fixtures/aws` is a scenario: one fresh
 * emulator, its fixtures in the order of the file `order`, one test each.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { services } from '../../../src/emulator/aws/mount.js'
import { AwsWorld } from '../aws-world.js'
import { headerOf, parseFixture, type Fixture } from './fixture.js'
import { startIssuer, type Issuer } from './issuer.js'
import { scimOperations, scimTenant, scimToken, wireFolder } from './names.js'
import type { Bindings } from './placeholders.js'
import { play } from './play.js'

interface Scenario {
  readonly name: string
  readonly fixtures: readonly Fixture[]
}

const scenarios: readonly Scenario[] = readdirSync(wireFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ name, fixtures: readScenario(path.join(wireFolder, name)) }))
const fixtures = scenarios.flatMap((scenario) => scenario.fixtures)

const wireNames = new Map(services.map(({ dialect }) => [dialect.wireName, dialect.service]))
const built = new Set<string>([
  ...services.flatMap(({ dialect, operations }) =>
    operations.map(({ name }) => `${dialect.service}:${name}`),
  ),
  ...Object.keys(scimOperations).map((name) => `scim:${name}`),
])

function readScenario(folder: string): readonly Fixture[] {
  const order = readFileSync(path.join(folder, 'order'), 'utf8').trim().split('\n')
  const files = readdirSync(folder).filter((file) => file.endsWith('.http'))
  const unlisted = files.filter((file) => !order.includes(file))
  if (unlisted.length > 0) throw new Error(`${folder}/order does not list ${unlisted.join(', ')}`)
  return order.map((file) => parseFixture(file, readFileSync(path.join(folder, file), 'utf8')))
}

/** `<service>:<Operation>` that a request calls on the wire; its operation is empty where it calls none. */
function calledBy({ request }: Fixture): string {
  const target = headerOf(request, 'X-Amz-Target')
  if (target !== undefined) {
    const [wireName = '', name = ''] = target.split('.')
    return `${wireNames.get(wireName) ?? wireName}:${name}`
  }
  const [method = '', url = ''] = request.start.split(' ')
  const scimPath = /^\/[^/]+\/scim\/v2(\/.*)$/.exec(url)?.[1]
  if (scimPath !== undefined) {
    const call = `${method} ${scimPath}`
    return `scim:${Object.entries(scimOperations).find(([, form]) => form.test(call))?.[0] ?? ''}`
  }
  const form = new URLSearchParams(request.body)
  const version = form.get('Version') ?? ''
  return `${wireNames.get(version) ?? version}:${form.get('Action') ?? ''}`
}

describe.each(scenarios.map(({ name, fixtures }) => [name, fixtures] as const))(
  'wire scenario %s',
  (_name, steps) => {
    const bindings: Bindings = new Map([
      ['scimToken', scimToken],
      ['scimTenant', scimTenant],
    ])
    let world: AwsWorld
    let issuer: Issuer

    beforeAll(async () => {
      issuer = await startIssuer()
      bindings.set('webIdentityToken', await issuer.sign('gatehouse'))
      bindings.set('tokenForOthers', await issuer.sign('others'))
      world = await AwsWorld.open({ orgFile: path.join(wireFolder, 'wire.yaml'), issuers: issuer.map })
    })
    afterAll(async () => {
      await world?.[Symbol.asyncDispose]()
      await issuer[Symbol.asyncDispose]()
    })

    test.each(steps.map((step) => [step.name, step] as const))(
      '%s is answered as it is written',
      async (_file, fixture) => {
        expect(await play(world, fixture, bindings)).toEqual([])
      },
    )
  },
)

describe('wire fixtures', () => {
  test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(
    '%s calls the operation of its name, and that is built',
    (_file, fixture) => {
      const called = calledBy(fixture)
      expect(called.split(':')[1]).toBe(fixture.operation)
      expect([...built]).toContain(called)
    },
  )

  test('every operation has a fixture that is answered', () => {
    const lacking = [...built].flatMap((operation) => {
      const own = fixtures.filter((fixture) => calledBy(fixture) === operation)
      return own.some(({ answer }) => /^HTTP\/1\.1 2/.test(answer.start)) ? [] : [operation]
    })
    expect(lacking).toEqual([])
  })

  test.each([...new Set([...built].map((operation) => operation.split(':')[0]))])(
    '%s has refused fixtures',
    (service) => {
      const refused = fixtures.filter(
        (fixture) =>
          calledBy(fixture).startsWith(`${service}:`) && /^HTTP\/1\.1 4/.test(fixture.answer.start),
      )
      expect(refused.length).toBeGreaterThan(2)
    },
  )
})
