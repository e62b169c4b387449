/** `gatehouse aws-profile` against a real gateway and a real home. */
import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { markOf } from '../../../src/cli/aws-profile/config-text.js'
import {
  assign,
  mail,
  pair,
  production,
  RequestWorld,
  sets,
  staging,
  twins,
} from '../../http/access-requests-world.js'
import { runCommand, type CommandOutcome } from '../../support/command-line.js'
import { testKinds } from '../../support/kinds.js'
import { role } from '../../support/people.js'
import { spResource } from '../../support/sp.js'

const start = 'https://acme.awsapps.com/start'
const foreign = '[default]\nregion = eu-west-1\n\n# mine\n[profile mine]\nrole_arn = x\n'

let world: RequestWorld
let home: string
const tokens = new Map<string, string>()

beforeAll(async () => {
  const held = (name: string, account: string, set: string) =>
    role(name, 'v8', { allow: assign(account, set) })
  world = await RequestWorld.open({
    resources: [
      held('dev', production.id, sets.readOnly.arn),
      role('twins', 'v8', {
        allow: {
          account_assignments: twins.flatMap(({ id }) => assign(id, sets.readOnly.arn).account_assignments),
        },
      }),
      spResource({ launch_urls: [start] }),
    ],
    people: { dora: ['dev', 'aws'], tina: ['twins', 'aws'] },
  })
  const example = (name: string) => testKinds().all.find((kind) => kind.name === name)?.example ?? ''
  const plugin = example('plugin')
    .replace('ssoins-1234567890abcdef', 'ssoins-1234567890123456')
    .replace(
      '      sync: paused\n',
      '      sync: paused\n      saml_idp_service_provider_name: aws-identity-center\n',
    )
    .replace('alice@example.com', mail('ann'))
  for (const document of [example('integration'), plugin]) {
    const yaml = { 'content-type': 'application/yaml' }
    const made = await world.admin.send('post', '/v1/resources', document, yaml)
    expect([made.status, made.body.detail]).toEqual([200, undefined])
  }
  for (const name of ['dora', 'tina', 'ann', 'olga']) tokens.set(name, await signInCli(name))
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'gatehouse-home-'))
  return async () => await rm(home, { recursive: true, force: true })
})

async function signInCli(name: string): Promise<string> {
  const verifier = 'v'.repeat(64)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const port = 49_152
  const query = { challenge, port, state: 's'.repeat(43), host: 'laptop' }
  const agreed = await world.as(name).post('/v1/cli/authorizations', query)
  const code = new URL((agreed.body as { redirectUrl: string }).redirectUrl).searchParams.get('code')
  const redeemed = await world.as(name).post('/v1/cli/tokens', { code, verifier, port })
  return (redeemed.body as { token: string }).token
}

const run = async (name: string, ...args: string[]): Promise<CommandOutcome> =>
  await runCommand(['aws-profile', ...args], {
    env: { HOME: home, GATEHOUSE_URL: world.gateway.url, GATEHOUSE_TOKEN: tokens.get(name) ?? '' },
  })
const config = () => join(home, '.aws', 'config')
const read = async (path = config()) => await readFile(path, 'utf8')

async function given(text: string, mode = 0o600): Promise<void> {
  await mkdir(join(home, '.aws'))
  await writeFile(config(), text)
  await chmod(config(), mode)
}

function ours(): string {
  const mark = markOf(world.gateway.url)
  return (
    `[sso-session gatehouse]\n${mark}\nsso_start_url = ${start}\nsso_region = eu-central-1\n` +
    'sso_registration_scopes = sso:account:access\n' +
    `\n[profile production-ReadOnly]\n${mark}\nsso_session = gatehouse\n` +
    `sso_account_id = ${production.id}\nsso_role_name = ReadOnly\n`
  )
}

describe('gatehouse aws-profile', () => {
  test('writes what the person has into a new file of their own', async () => {
    const { code, out, err } = await run('dora')
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('+ [profile production-ReadOnly]')
    expect(out).toContain('aws sso login --sso-session gatehouse')
    expect(await read()).toBe(ours())
    expect((await stat(config())).mode & 0o777).toBe(0o600)
    expect((await stat(join(home, '.aws'))).mode & 0o777).toBe(0o700)
    expect((await run('dora')).out).toContain('nothing to change, 1 profile')
  })

  test('keeps what others wrote, the mode of the file, and what it was', async () => {
    await given(foreign, 0o640)
    expect((await run('dora')).code).toBe(0)
    expect(await read()).toBe(`${foreign}\n${ours()}`)
    expect((await stat(config())).mode & 0o777).toBe(0o640)
    expect(await read(`${config()}.before-gatehouse`)).toBe(foreign)
    expect((await run('dora', '--remove')).code).toBe(0)
    expect(await read()).toBe(foreign)
  })

  test('shows with --dry-run what would change, and changes nothing', async () => {
    await given(foreign)
    const { code, out } = await run('dora', '--dry-run')
    expect(code).toBe(0)
    expect(out).toContain('+[profile production-ReadOnly]')
    expect(out).not.toContain('-[profile mine]')
    expect(await read()).toBe(foreign)
    await expect(stat(`${config()}.before-gatehouse`)).rejects.toThrow('ENOENT')
  })

  test('adds what an approved request gives, and removes it when it is over', async () => {
    const { id } = await world.ask('ann', { items: [pair('staging', 'PowerUser')], reason: 'x' })
    expect((await run('ann')).out).toContain('nothing to change, 0 profiles')
    await world.approve('rita', id)
    expect((await run('ann', '--region', 'us-east-1')).code).toBe(0)
    expect(await read()).toContain(
      `sso_account_id = ${staging.id}\nsso_role_name = PowerUser\nregion = us-east-1\n`,
    )
    const shown = await runCommand(['requests', 'get', id], {
      env: { HOME: home, GATEHOUSE_URL: world.gateway.url, GATEHOUSE_TOKEN: tokens.get('ann') ?? '' },
    })
    expect(shown.out).toContain(`${start}/#/console?account_id=${staging.id}&role_name=PowerUser`)
    await world.as('ann').post(`/v1/access-requests/${id}/release`, {})
    expect((await run('ann')).out).toContain('- [profile staging-PowerUser]')
    expect(await read()).toBe('')
  })

  test('tells accounts of one name apart, and takes names from a template', async () => {
    await run('tina')
    expect((await read()).match(/\[profile .*\]/g)).toEqual([
      '[profile twin-ReadOnly-800000000001]',
      '[profile twin-ReadOnly-800000000002]',
    ])
    await run('tina', '--name', 'aws-{account_id}')
    expect((await read()).match(/\[profile .*\]/g)).toEqual([
      '[profile aws-800000000001]',
      '[profile aws-800000000002]',
    ])
    expect((await run('tina', '--name', '{nobody}')).code).not.toBe(0)
  })

  test('leaves a section of the same name to whoever wrote it', async () => {
    await given('[profile production-ReadOnly]\nregion = x\n')
    const { code, err } = await run('dora')
    expect(code).toBe(0)
    expect(err).toContain('[profile production-ReadOnly] came from elsewhere')
    expect(await read()).toContain('[profile production-ReadOnly]\nregion = x\n')
    await writeFile(config(), '[sso-session gatehouse]\nsso_region = x\n')
    const refused = await run('dora')
    expect([refused.code === 0, refused.err.includes('--session-name')]).toEqual([false, true])
    expect(await read()).toBe('[sso-session gatehouse]\nsso_region = x\n')
    expect((await run('dora', '--session-name', 'work')).code).toBe(0)
    expect(await read()).toContain('[sso-session work]')
  })

  test('writes where AWS_CONFIG_FILE says, and through a link', async () => {
    const real = join(home, 'dotfiles-config')
    const link = join(home, 'linked')
    await writeFile(real, foreign)
    await symlink(real, link)
    const outcome = await runCommand(['aws-profile'], {
      env: {
        HOME: home,
        AWS_CONFIG_FILE: link,
        GATEHOUSE_URL: world.gateway.url,
        GATEHOUSE_TOKEN: tokens.get('dora') ?? '',
      },
    })
    expect(outcome.code).toBe(0)
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect(await read(real)).toBe(`${foreign}\n${ours()}`)
  })

  test('tells nobody where the portal is who has nothing there', async () => {
    const answer = await world.as('olga').get('/v1/me/request-picker?show=have')
    expect(answer.body).toMatchObject({ items: [], portals: [] })
    expect((await run('olga')).out).toContain('nothing to change, 0 profiles')
  })

  test('refuses a file that it could not write back as it was', async () => {
    await mkdir(join(home, '.aws'))
    await writeFile(config(), Buffer.from([0x5b, 0xff, 0x0a]))
    const { code, err } = await run('dora')
    expect(code).not.toBe(0)
    expect(err).toContain('cannot read')
  })
})
