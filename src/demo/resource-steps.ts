/**
 * @module Steps of the self-check about what administrators do: resources as YAML by the command line, grants, locks,
 * tokens, explanations and the rollover of the signing key. Each leaves the world as it found it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiFailure, HeadlessBrowser, readText } from './browser.js'
import { followToPortal } from './journeys.js'
import { runCommand } from './run-command.js'
import { expect, landsInPortal, portalStart, type Stage, type Step } from './stage.js'

export const resourceSteps: readonly Step[] = [
  ['a role written as YAML lets somebody in, and its removal ends that', grantByYaml],
  ['an edit of an old revision is refused and shows what is stored', staleEdit],
  ['account assignment roles can be read and not be changed', systemRole],
  ['explain names the role that decides and what would change it', explain],
  ['a lock ends the session and refuses the sign-in at once', lock],
  ['a machine user has a token, shown once; rotating it ends the old one', token],
  ['the signing key changes in phases, and AWS follows by upload', rollover],
]

const grant = `kind: role
version: v8
metadata:
  name: identity-center-access
spec:
  allow:
    app_labels:
      'teleport.dev/origin': 'aws-identity-center'
---
kind: user
version: v2
metadata:
  name: nolabels@example.com
spec:
  roles: [engineer, production-reviewer, identity-center-access]
`

/** Only an administrator writes resources: the command line acts by a token that lives for this step. */
async function asAdministrator<T>(
  stage: Stage,
  work: (env: Record<string, string>) => Promise<T>,
): Promise<T> {
  const { secret } = await createToken(stage, 'self-check', ['editor'])
  try {
    return await work({ GATEHOUSE_URL: stage.world.gatewayUrl, GATEHOUSE_TOKEN: secret })
  } finally {
    await stage.admin.api(stage.world.gatewayUrl, 'DELETE', '/v1/resources/token/self-check')
  }
}

async function grantByYaml(stage: Stage): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-demo-'))
  const file = join(folder, 'access.yaml')
  const back = join(folder, 'back.yaml')
  try {
    await writeFile(file, grant)
    await writeFile(back, grant.slice(grant.indexOf('---')).replace(', identity-center-access', ''))
    return await asAdministrator(stage, async (env) => {
      const run = async (args: readonly string[]): Promise<string> => {
        const { exitCode, output } = await runCommand(args, env)
        expect(exitCode === 0, `gatehouse ${args.join(' ')}: ${output}`)
        return output
      }
      await run(['create', '-f', file, '--force', '--dry-run'])
      await run(['create', '-f', file, '--force'])
      const landed = await landsInPortal(stage, portalStart(stage), 'nolabels@example.com')
      await run(['create', '-f', back, '--force'])
      await run(['rm', 'role/identity-center-access', '--yes'])
      const after = await ends(stage, 'nolabels@example.com')
      expect(after === 'refused_here', `without the role the sign-in ended at ${after}`)
      return landed
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function staleEdit({ world, admin }: Stage): Promise<string> {
  const path = '/v1/resources/role/engineer'
  const read = await admin.api(world.gatewayUrl, 'GET', path)
  const document = read !== null && typeof read === 'object' && 'document' in read ? read.document : undefined
  const refusal = await failureOf(admin.api(world.gatewayUrl, 'PUT', path, document, { 'if-match': '"0"' }))
  expect(refusal.status === 412, `the stale edit was answered with ${refusal.status}`)
  expect(refusal.text.includes('"current":{'), 'the refusal does not show what is stored')
  return 'refused with 412'
}

async function systemRole({ world, admin }: Stage): Promise<string> {
  const name = 'ReadOnlyAccess-on-production-555555555555'
  const read = await admin.api(world.gatewayUrl, 'GET', `/v1/resources/role/${name}`)
  expect(readText(read, 'origin') === 'system', 'it does not say that it is the system’s')
  const refusal = await failureOf(admin.api(world.gatewayUrl, 'DELETE', `/v1/resources/role/${name}`))
  expect(refusal.text.includes('SYSTEM_RESOURCE'), `deleting it was answered with ${refusal.text}`)
  return `${name} is computed, never stored`
}

async function explain(stage: Stage): Promise<string> {
  const query = new URLSearchParams({ user: 'nolabels@example.com', app: 'aws-identity-center' })
  const answer = await stage.admin.api(stage.world.gatewayUrl, 'GET', `/v1/explain?${query}`)
  expect(readText(answer, 'effect') === 'deny', 'it says that the person may sign in')
  const text = JSON.stringify(answer)
  expect(text.includes('engineer') && text.includes('aws-sign-in'), `it names neither role: ${text}`)
  return readText(answer, 'says')
}

async function lock(stage: Stage): Promise<string> {
  const { world, admin, seeds } = stage
  const person = 'dev@example.com'
  const browser = new HeadlessBrowser()
  const before = await followToPortal(world, browser, portalStart(stage), person, seeds)
  expect(before.ended === 'portal', `before the lock: ${before.ended}`)
  await admin.api(world.gatewayUrl, 'POST', '/v1/resources', {
    kind: 'lock',
    version: 'v2',
    metadata: { name: 'self-check' },
    spec: { target: { user: person }, message: 'a trial', ttl: '1h' },
  })
  try {
    const session = await browser.api(world.gatewayUrl, 'GET', '/v1/session')
    expect(readText(session, 'stage') === 'none', 'the session is still open')
    // A browser that AWS does not know yet, for a session at AWS outlives ours.
    const attempt = await failureOf(
      followToPortal(world, new HeadlessBrowser(), portalStart(stage), person, seeds),
    )
    expect(attempt.text.includes('LOCKED'), `the sign-in was answered with ${attempt.text}`)
  } finally {
    await admin.api(world.gatewayUrl, 'DELETE', '/v1/resources/lock/self-check')
  }
  await landsInPortal(stage, portalStart(stage), person)
  return `${person} was out at once, and back after the lock`
}

async function token(stage: Stage): Promise<string> {
  const { world, admin } = stage
  const { secret } = await createToken(stage, 'self-check-ci', ['auditor'])
  const read = (bearer: string) => statusOf(world.gatewayUrl, '/v1/audit/events', bearer)
  expect((await read(secret)) === 200, 'the new token reads nothing')
  const rotated = await admin.api(world.gatewayUrl, 'POST', '/v1/tokens/self-check-ci/rotate', {})
  const fresh = readText(rotated, 'secret')
  const after = [await read(secret), await read(fresh)]
  expect(after.join() === '401,200', `after rotating, old and new token were answered with ${after.join()}`)
  await admin.api(world.gatewayUrl, 'DELETE', '/v1/resources/token/self-check-ci')
  expect((await read(fresh)) === 401, 'the deleted token still reads')
  return 'token/self-check-ci read the audit log'
}

async function rollover(stage: Stage): Promise<string> {
  const { world, admin } = stage
  const step = (name: string) => admin.api(world.gatewayUrl, 'POST', '/v1/keys/saml/rotate', { step: name })
  await step('prepare')
  await landsInPortal(stage, portalStart(stage), 'dev@example.com')
  const metadata = await (await fetch(`${world.gatewayUrl}/saml/idp/metadata`)).text()
  const certificates = metadata.match(/<ds:X509Certificate>/g)?.length ?? 0
  expect(certificates === 2, `the metadata carries ${certificates} certificates`)
  const upload = await fetch(`${world.emulatorUrl}/_emulator/saml/idp-metadata`, {
    method: 'PUT',
    headers: { 'content-type': 'application/xml' },
    body: metadata,
  })
  expect(upload.ok, `the upload was answered with ${upload.status}`)
  await step('switch')
  await landsInPortal(stage, portalStart(stage), 'dev@example.com')
  await step('finish')
  return 'sign-ins went on through prepare, switch and finish'
}

/** Where a sign-in of this person from the portal ends. */
async function ends(stage: Stage, person: string): Promise<string> {
  const { world, seeds } = stage
  return (await followToPortal(world, new HeadlessBrowser(), portalStart(stage), person, seeds)).ended
}

async function createToken(
  { world, admin }: Stage,
  name: string,
  roles: readonly string[],
): Promise<{ secret: string }> {
  const answer = await admin.api(world.gatewayUrl, 'POST', '/v1/resources', {
    kind: 'token',
    version: 'v1',
    metadata: { name },
    spec: { roles, ttl: '1h' },
  })
  const changes =
    answer !== null && typeof answer === 'object' && 'changes' in answer && Array.isArray(answer.changes)
      ? (answer.changes as unknown[])
      : []
  return { secret: readText(changes[0], 'secret') }
}

async function statusOf(origin: string, path: string, bearer: string): Promise<number> {
  const response = await fetch(new URL(path, origin), { headers: { authorization: `Bearer ${bearer}` } })
  await response.body?.cancel()
  return response.status
}

/** What the gateway answered to what it had to refuse. */
async function failureOf(work: Promise<unknown>): Promise<ApiFailure> {
  try {
    await work
  } catch (error) {
    if (error instanceof ApiFailure) return error
    throw error
  }
  throw new Error('what had to be refused was done')
}
