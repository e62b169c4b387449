/**
 * @module The world of Identity Center as its set-up leaves it: imported, with a SCIM token, our metadata taken, the sync
 * at work; with what stories about it do beside the page, as its administrator.
 */
import { expect, vi } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'
import { paths } from '../../../src/api/contract.js'
import { demo, demoRegion } from '../../emulator/aws-world.js'
import { signIn, type TestBrowser } from '../../support/people.js'
import type { IdentityCenterWorld } from './identity-center-world.js'

export const plugin = 'aws-identity-center'
const at = (path: string) => path.replace(':plugin', plugin)

export interface Connected {
  readonly admin: TestBrowser
  /** Writes documents, those that are there too. */
  apply(...documents: readonly unknown[]): Promise<void>
  ask(method: 'get' | 'post' | 'put', path: string, body?: object): Promise<unknown>
  /** Until its job is done and nothing of the sync waits. */
  settled(): Promise<void>
  setSync(sync: 'paused' | 'active'): Promise<void>
  /** Plans a fault of AWS, or ends all of them. */
  emulate(method: 'POST' | 'DELETE', fault?: object): Promise<void>
  /** Groups in AWS by title, each with its members and what it may do: `user dev@example.com`, `ReadOnlyAccess in 5555…`. */
  groups(): Promise<ReadonlyMap<string, readonly string[]>>
}

const statusForm = z.object({
  job: z.object({ state: z.string(), error: z.string().optional() }).optional(),
  waiting: z.object({ open: z.number() }),
})
const awsForm = z.object({
  users: z.array(z.object({ id: z.string(), userName: z.string() })),
  groups: z.array(z.object({ id: z.string(), displayName: z.string() })),
  memberships: z.array(z.object({ groupId: z.string(), userId: z.string() })),
  permissionSets: z.array(z.object({ arn: z.string(), name: z.string() })),
  assignments: z.array(
    z.object({ accountId: z.string(), permissionSetArn: z.string(), principalId: z.string() }),
  ),
})

export async function connectIdentityCenter(world: IdentityCenterWorld): Promise<Connected> {
  const admin = await signIn(world.gateway, world.admin)
  const { endpoint, token } = await world.scim()

  async function apply(...documents: readonly unknown[]): Promise<void> {
    const text = documents.map((one) => stringify(one)).join('---\n')
    const answer = await admin.send('post', '/v1/resources?mode=replace', text, {
      'content-type': 'application/yaml',
    })
    if (answer.status >= 300) throw new Error(`applying answered ${answer.status}: ${answer.text}`)
  }
  async function ask(method: 'get' | 'post' | 'put', path: string, body: object = {}): Promise<unknown> {
    const answer = await (method === 'get' ? admin.get(path) : admin.send(method, path, body))
    if (answer.status >= 300)
      throw new Error(`${path} answered ${answer.status}: ${answer.text.slice(0, 400)}`)
    return answer.body as unknown
  }
  const status = async () => statusForm.parse(await ask('get', at(paths.awsicStatus)))
  const patient = { timeout: 60_000, interval: 200 }
  const jobEnds = () =>
    vi.waitFor(async () => {
      const { job } = await status()
      expect([job?.state, job?.error]).toEqual(['done', undefined])
    }, patient)
  const setSync = (sync: 'paused' | 'active') => apply(connection(world, endpoint, sync))

  await apply({
    kind: 'saml_idp_service_provider',
    version: 'v1',
    metadata: { name: plugin, labels: { 'teleport.dev/origin': 'aws-identity-center' } },
    spec: { entity_descriptor: await world.metadata(), preset: 'aws-identity-center' },
  })
  await world.takeOurMetadata()
  await setSync('paused')
  await ask('put', at(paths.awsicScim), { baseUrl: endpoint, token })
  for (const job of [paths.awsicScan, paths.awsicImport]) {
    await ask('post', at(job))
    await jobEnds()
  }
  await setSync('active')
  return {
    admin,
    apply,
    ask,
    settled: () =>
      vi.waitFor(async () => {
        const { job, waiting } = await status()
        expect([job?.state, job?.error, waiting.open]).toEqual(['done', undefined, 0])
      }, patient),
    setSync,
    emulate: async (method, fault) => {
      const answer = await fetch(`${world.emulator.url}/_emulator/faults`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(fault && { body: JSON.stringify(fault) }),
      })
      if (!answer.ok) throw new Error(`the emulator answered ${answer.status}: ${await answer.text()}`)
    },
    groups: async () => {
      const answer = await fetch(
        `${world.emulator.url}/_emulator/state?only=users,groups,memberships,permissionSets,assignments`,
      )
      const aws = awsForm.parse(await answer.json())
      const users = new Map(aws.users.map(({ id, userName }) => [id, userName]))
      const sets = new Map(aws.permissionSets.map(({ arn, name }) => [arn, name]))
      return new Map(
        aws.groups.map(({ id, displayName }) => [
          displayName,
          [
            ...aws.memberships
              .filter((one) => one.groupId === id)
              .map((one) => `user ${users.get(one.userId)}`),
            ...aws.assignments
              .filter((one) => one.principalId === id)
              .map((one) => `${sets.get(one.permissionSetArn)} in ${one.accountId}`),
          ].sort(),
        ]),
      )
    },
  }
}

function connection(world: IdentityCenterWorld, scimUrl: string, sync: 'paused' | 'active') {
  return {
    kind: 'plugin',
    version: 'v1',
    metadata: { name: plugin },
    spec: {
      settings: {
        aws_ic: {
          arn: demo.instanceArn,
          region: demoRegion,
          credentials: { system: {} },
          access_list_default_owners: [world.admin.name],
          saml_idp_service_provider_name: plugin,
          // The emulator is no host of AWS.
          provisioning_spec: { base_url: scimUrl, allow_other_host: true },
          sync,
        },
      },
    },
  }
}
