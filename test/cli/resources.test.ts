/** `gatehouse get`, `create`, `rm`, `kinds` and `users` against a real gateway. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { machineUser, runCommand, type CommandOptions, type CommandOutcome } from '../support/command-line.js'
import { buildInventory } from '../support/inventory.js'
import { createPerson, role, signIn, signInAdmin, testResources } from '../support/people.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const alice = 'alice@example.com'
let gateway: TestGateway
let folder: string
let env: NodeJS.ProcessEnv
let asReader: NodeJS.ProcessEnv

beforeAll(async () => {
  const rules = [{ resources: ['*'], verbs: ['*'] }]
  const readRules = [{ resources: ['role'], verbs: ['list', 'read'] }]
  gateway = await openTestGateway({
    inventory: buildInventory({ accounts: 3, permissionSets: 200 }),
    resources: [
      ...testResources,
      spResource(),
      role('everything', 'v7', { allow: { rules } }),
      role('role-reader', 'v7', { allow: { rules: readRules } }),
    ],
  })
  const admin = await signInAdmin(gateway)
  env = await machineUser(gateway, admin, { name: 'ci', roles: ['everything'] })
  asReader = await machineUser(gateway, admin, { name: 'reader', roles: ['role-reader'] })
  await signIn(gateway, await createPerson(gateway, admin, { name: alice, roles: ['aws'] }))
})
afterAll(() => gateway?.[Symbol.asyncDispose]())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-resources-'))
  return () => rm(folder, { recursive: true, force: true })
})

async function gatehouse(args: readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> {
  return await runCommand(args, { env, ...options })
}

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

async function fromApi(path: string, accept = 'application/yaml'): Promise<string> {
  const headers = { accept, authorization: `Bearer ${env.GATEHOUSE_TOKEN ?? ''}` }
  return await (await fetch(gateway.url + path, { headers })).text()
}

const roleText = (name: string, spec = '{}') =>
  `kind: role\nversion: v7\nmetadata:\n  name: ${name}\nspec: ${spec}\n`

describe('get', () => {
  test('a table has the columns of the kind and the age', async () => {
    const { code, out, err } = await gatehouse(['get', 'roles'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const [titles = '', ...rows] = out.split('\n')
    expect(titles).toMatch(/^Name +.*Age$/)
    expect(rows.find((row) => row.startsWith('aws-mfa '))).toMatch(/\d+[dhms]$/)
    expect(out).not.toContain('-on-')
  })

  test('several words: a table for each kind that has something', async () => {
    const { out } = await gatehouse(['get', 'all'])
    expect(out).toMatch(/^roles:\nName /)
    expect(out).toMatch(/\n\nusers:\nName /)
    expect(out).toContain(alice)
    expect(out).not.toContain('locks:')
  })

  test('"all" leaves out what one may not list, and a kind by name is refused', async () => {
    const { code, out } = await gatehouse(['get', 'all'], { env: asReader })
    expect(code).toBe(0)
    expect(out).toMatch(/^roles:\nName /)
    expect(out).not.toContain('users:')
    const refused = await gatehouse(['get', 'user'], { env: asReader })
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain('gatehouse: Not allowed: ')
  })

  test('one resource as YAML is the text of the interface, byte for byte', async () => {
    const { out } = await gatehouse(['get', 'role/aws', '-o', 'yaml'])
    expect(out).toBe(await fromApi('/v1/resources/role/aws'))
    expect(out).toMatch(/\n {2}revision: /)
  })

  test('a list as YAML is the text of the interface, over all its pages', async () => {
    const whole = await fromApi('/v1/resources/role?limit=500&origin=user')
    const { out } = await gatehouse(['get', 'role', '-o', 'yaml', '--all'])
    expect(out).toBe(whole)
    const two = await gatehouse(['get', 'role', 'sp', '-o', 'yaml'])
    expect(two.out).toBe(whole + (await fromApi('/v1/resources/saml_idp_service_provider?limit=500')))
  })

  test('JSON is a list of documents, also of one', async () => {
    const { out } = await gatehouse(['get', 'role/aws', '-o', 'json'])
    const answer = JSON.parse(await fromApi('/v1/resources/role/aws', 'application/json')) as {
      document: { metadata: object }
      revision: string
    }
    const { document, revision } = answer
    expect(JSON.parse(out)).toEqual([{ ...document, metadata: { ...document.metadata, revision } }])
    const many = JSON.parse((await gatehouse(['get', 'roles', '-o', 'json'])).out) as unknown[]
    expect(many.length).toBeGreaterThan(5)
    const none = await gatehouse(['get', 'locks', '-o', 'json'])
    expect(JSON.parse(none.out)).toEqual([])
  })

  test('a limit is told where there is more, and only there', async () => {
    const { out, err } = await gatehouse(['get', 'roles', '--limit', '2'])
    expect(out.trim().split('\n')).toHaveLength(3)
    expect(err).toBe('There are more roles than these 2; --limit N or --all shows them.\n')
    const yaml = await gatehouse(['get', 'roles', '--limit', '2', '-o', 'yaml'])
    expect(yaml.out.match(/^---$/gm)).toHaveLength(2)
    expect(yaml.err).toBe(err)
    expect((await gatehouse(['get', 'roles', '--all'])).err).toBe('')
  })

  test('what the gateway computes is shown when asked for, over as many pages as it takes', async () => {
    const system = ['get', 'roles', '--origin', 'system']
    const table = await gatehouse([...system, '--all'])
    expect(table.out.trim().split('\n')).toHaveLength(601)
    const yaml = await gatehouse([...system, '--limit', '501', '-o', 'yaml'])
    const names = [...yaml.out.matchAll(/^ {2}name: (.*-on-.*)$/gm)].map(([, name]) => name)
    expect(new Set(names).size).toBe(501)
    expect(yaml.err).toBe('There are more roles than these 501; --limit N or --all shows them.\n')
    const any = await gatehouse(['get', 'roles', '--origin', 'any'])
    expect(any.out).toContain('-on-')
    expect(any.out).toContain('aws-mfa')
  })

  test.each([
    [['get', 'rolle'], '"rolle" is not a kind (did you mean role?); this gateway knows role, login_rule'],
    [['get', 'role/'], '"role/" ends where a name is expected: role/NAME'],
    [['get', 'role/none'], 'there is no role named "none"'],
    [['get', 'role', '--limit', '0'], '--limit: "0" is not a positive whole number'],
  ])('%j is refused with exit status 1', async (args, words) => {
    const refused = await gatehouse(args)
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain(words)
  })

  test.each([
    [['get'], "missing required argument 'what'"],
    [['get', 'role', '-o', 'xml'], 'Allowed choices are table, yaml, json'],
    [['get', 'role', '--all', '--limit', '3'], 'cannot be used with'],
    [['gte'], 'Did you mean get?'],
  ])('%j is a wrong command line, with exit status 2', async (args, words) => {
    const refused = await gatehouse(args)
    expect(refused).toMatchObject({ code: 2, out: '' })
    expect(refused.err).toContain(words)
  })

  test('what a name would do to a terminal is shown, not done; a program gets it as it is', async () => {
    const text = roleText('spoof').replace(
      '  name: spoof\n',
      '  name: spoof\n  description: "a\\u009b31mb\\u202ec"\n',
    )
    expect(await gatehouse(['create', '-f', '-'], { input: text })).toMatchObject({ code: 0, err: '' })
    const shown = await gatehouse(['get', 'role/spoof', '-o', 'yaml'], { outIsTerminal: true })
    expect(shown.out).not.toMatch(/[\u009b\u202e]/)
    const json = await gatehouse(['get', 'role/spoof', '-o', 'json'])
    expect(json.out).not.toMatch(/[\u009b\u202e]/)
    expect(JSON.parse(json.out)).toMatchObject([{ metadata: { description: 'a\u009b31mb\u202ec' } }])
    const piped = await gatehouse(['get', 'role/spoof', '-o', 'yaml'])
    expect(piped.out).toBe(await fromApi('/v1/resources/role/spoof'))
    await gatehouse(['rm', 'role/spoof', '--yes'])
  })
})

describe('create', () => {
  test('tells each change; a second time it is refused, and --force replaces', async () => {
    const file = await fileOf('two.yaml', `${roleText('one')}---\n${roleText('two')}`)
    const made = await gatehouse(['create', '-f', file])
    expect(made).toMatchObject({ code: 0, err: '' })
    expect(made.out).toMatch(/^role "one" created\n(?: {2}.*\n)*role "two" created\n/)
    const again = await gatehouse(['create', '-f', file])
    expect(again).toMatchObject({ code: 1, out: '' })
    expect(again.err).toBe(
      `gatehouse: Conflict:\n` +
        `${file}:1: role "one" exists already; change that one, or choose another name\n` +
        `${file}:7: role "two" exists already; change that one, or choose another name\n`,
    )
    const changed = await fileOf(
      'two.yaml',
      `${roleText('one')}---\n${roleText('two', '{deny: {logins: [x]}}')}`,
    )
    const forced = await gatehouse(['create', '--force', '-f', changed])
    expect(forced.out).toMatch(/^role "one" unchanged\n(?: {2}.*\n)*role "two" updated\n/)
  })

  test('a dry run shows the difference and changes nothing; in colour only for people who want it', async () => {
    const input = roleText('tried')
    const args = ['create', '--dry-run', '-f', '-']
    const plain = await gatehouse(args, { input })
    expect(plain.out).toMatch(/^role "tried" would be created\n/)
    expect(plain.out).toContain('\n+kind: role\n')
    expect(plain.out).toMatch(/\nNothing was changed: this was a dry run\.\n$/)
    const colored = await gatehouse(args, { input, outIsTerminal: true })
    expect(colored.out).toContain('\n\u001b[32m+kind: role\u001b[0m\n')
    const without = await gatehouse(args, { input, outIsTerminal: true, env: { ...env, NO_COLOR: '1' } })
    expect(without.out).toBe(plain.out)
    expect((await gatehouse(['get', 'role/tried'])).code).toBe(1)
  })

  test('every problem is told with file and line, and nothing is kept', async () => {
    const first = await fileOf('first.yaml', roleText('good'))
    const second = await fileOf(
      'second.yaml',
      `${roleText('bad', '\n  allow:\n    rulez: []')}---\nkind: rolle\nversion: v7\n`,
    )
    const { code, out, err } = await gatehouse(['create', '-f', first, '-f', second])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    const [heading, ...lines] = err.trimEnd().split('\n')
    expect(heading).toBe('gatehouse: The request is not valid:')
    expect(lines[0]).toMatch(
      new RegExp(`^${second}:7: spec\\.allow\\.rulez: this field is not known \\(did you mean rules\\?\\)`),
    )
    expect(lines[1]).toContain(`${second}:9: kind: "rolle" is not a kind`)
    expect(lines).toHaveLength(2)
    expect((await gatehouse(['get', 'role/good'])).err).toContain('there is no role named "good"')
  })

  test('what is left open in one file does not swallow the next', async () => {
    const first = await fileOf('open.yaml', `${roleText('open')}note: "never closed`)
    const second = await fileOf('fine.yaml', roleText('fine'))
    const { code, err } = await gatehouse(['create', '-f', first, second])
    expect(code).toBe(1)
    expect(err).toBe(`gatehouse: these files cannot be read:\n${first}:6: " is not closed; add "\n`)
  })

  test('files of one call are kept together, and what is refused in one refuses all', async () => {
    const [a, b] = [await fileOf('a.yaml', roleText('fa')), await fileOf('b.yaml', `---\n${roleText('fb')}`)]
    const made = await gatehouse(['create', '-f', a, b])
    expect(made.out.match(/^role "f[ab]" created$/gm)).toHaveLength(2)
    expect((await gatehouse(['rm', 'role/fa', 'role/fb', '--yes'])).code).toBe(0)
  })

  test('a list of JSON documents is taken alone', async () => {
    const list = JSON.stringify([role('j1', 'v7', {}), role('j2', 'v7', {})])
    const file = await fileOf('list.json', list)
    const other = await fileOf('other.yaml', roleText('j3'))
    const refused = await gatehouse(['create', '-f', file, other])
    expect(refused.err).toBe(`gatehouse: ${file} is a JSON list of documents; send it by itself\n`)
    expect((await gatehouse(['create', '-f', file])).out.match(/created/g)).toHaveLength(2)
    expect((await gatehouse(['rm', 'role/j1', 'role/j2', '--yes'])).code).toBe(0)
  })

  test('the secret of a token is shown once, with a warning beside the output', async () => {
    const input = 'kind: token\nversion: v1\nmetadata: {name: robot}\nspec: {roles: [aws], ttl: 1h}\n'
    const tried = await gatehouse(['create', '--dry-run', '-f', '-'], { input })
    expect(tried.out).not.toContain('ght_')
    const made = await gatehouse(['create', '-f', '-'], { input })
    expect(made.out).toMatch(/^ {2}ght_[\w-]{43}$/m)
    expect(made.err).toContain('The secret of token "robot" is shown this once')
    expect((await gatehouse(['get', 'token/robot', '-o', 'yaml'])).out).not.toContain('ght_')
  })

  test.each([
    [['create'], 2, "required option '-f, --file <file...>' not specified"],
    [['create', '-f', '/nowhere.yaml'], 1, 'cannot read /nowhere.yaml: there is no such file'],
    [['create', '-f', '/tmp'], 1, 'cannot read /tmp: it is a folder'],
    [['create', '-f', '-', '-f', '-'], 1, '-f - stands twice'],
    [['create', '-f', '-'], 1, 'there is no document in it'],
  ])('%j ends with status %i', async (args, code, words) => {
    const refused = await gatehouse(args)
    expect(refused).toMatchObject({ code, out: '' })
    expect(refused.err).toContain(words)
  })
})

test('everything that is read back as YAML or JSON is unchanged when it is written again', async () => {
  for (const format of ['yaml', 'json']) {
    const { out, err } = await gatehouse(['get', 'all', '--all', '-o', format])
    expect(err).toBe('')
    const { code, out: told } = await gatehouse(['create', '--force', '-f', '-'], { input: out })
    expect(code).toBe(0)
    const changes = told.split('\n').filter((line) => /^\w/.test(line))
    expect(changes.length).toBeGreaterThan(10)
    expect(changes.filter((line) => !line.endsWith(' unchanged'))).toEqual([])
  }
})

describe('rm', () => {
  const exists = async (name: string) => (await gatehouse(['get', `role/${name}`])).code === 0
  beforeEach(async () => {
    await gatehouse(['create', '--force', '-f', '-'], { input: `${roleText('gone')}---\n${roleText('too')}` })
  })

  test('shows what would go and asks; only yes deletes', async () => {
    const no = await gatehouse(['rm', 'role/gone'], { answers: ['n'] })
    expect(no.out).toMatch(/^role "gone" would be deleted\n(?: {2}.*\n)*Nothing was changed\.\n$/)
    expect(no.err).toBe('Delete it? [y/N] ')
    expect(await exists('gone')).toBe(true)
    const yes = await gatehouse(['rm', 'role/gone', 'roles/too'], { answers: ['y'] })
    expect(yes.err).toBe('Delete these 2? [y/N] ')
    expect(yes.out).toMatch(/role "gone" deleted\n(?: {2}.*\n)*role "too" deleted\n$/)
    expect(await exists('gone')).toBe(false)
  })

  test('without a terminal it wants --yes', async () => {
    const refused = await gatehouse(['rm', 'role/gone'])
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('there is no terminal to ask on; add --yes')
    expect(await exists('gone')).toBe(true)
    expect(await gatehouse(['rm', 'role/gone', '--yes'])).toEqual({
      code: 0,
      err: '',
      out: 'role "gone" deleted\n',
    })
  })

  test('--dry-run changes nothing, also with --yes', async () => {
    const { code, out } = await gatehouse(['rm', 'role/gone', '--dry-run', '--yes'])
    expect(code).toBe(0)
    expect(out).toMatch(
      /^role "gone" would be deleted\n(?: {2}.*\n)*Nothing was changed: this was a dry run\.\n$/,
    )
    expect(await exists('gone')).toBe(true)
  })

  test('a mistake in one word leaves all of them', async () => {
    const refused = await gatehouse(['rm', 'role/gone', 'role/none', '--yes'])
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('there is no role named "none"')
    expect(await exists('gone')).toBe(true)
    expect((await gatehouse(['rm', 'role', '--yes'])).err).toBe('gatehouse: say which role: role/NAME\n')
  })

  test('the only resource of a kind needs no name', async () => {
    const tried = await gatehouse(['rm', 'cap', '--dry-run'])
    expect(tried.out).toMatch(/^cluster_auth_preference "cluster-auth-preference" would be deleted\n/)
  })
})

describe('kinds', () => {
  test('lists them with their other words and what one may do', async () => {
    const { out } = await gatehouse(['kinds'])
    expect(out).toMatch(/^Kind +Also +Versions +You may +For\n/)
    expect(out).toMatch(/^saml_idp_service_provider +sp, /m)
    const mine = await gatehouse(['kinds'], { env: asReader })
    expect(mine.out).toMatch(/^role +v8, .* {2}list, read {2}/m)
  })

  test('the example of a kind can be created', async () => {
    const { out } = await gatehouse(['kinds', 'lock'])
    expect((await gatehouse(['create', '--dry-run', '-f', '-'], { input: out })).code).toBe(0)
    expect((await gatehouse(['kinds', 'lok'])).err).toContain('(did you mean lock?)')
  })
})

describe('users', () => {
  test('ls lists people', async () => {
    const { out } = await gatehouse(['users', 'ls'])
    expect(out).toMatch(/^Name +Roles +Origin +Password +Second factors\n/)
    expect(out).toMatch(/^alice@example\.com +aws +local +set +0$/m)
  })

  test('add prints a link for somebody with these roles and traits', async () => {
    const args = ['users', 'add', 'bob@example.com', '--roles', 'aws,aws-mfa', '--traits', 'team=a', 'team=b']
    const { code, out } = await gatehouse(args)
    expect(code).toBe(0)
    expect(out).toMatch(/\n {2}http:\/\/localhost:3080\/invite[/#][\w-]{43}\n/)
    const read = await gatehouse(['get', 'user/bob@example.com', '-o', 'json'])
    expect(JSON.parse(read.out)).toMatchObject([
      { spec: { roles: ['aws', 'aws-mfa'], traits: { team: ['a', 'b'] } } },
    ])
    const wrong = await gatehouse(['users', 'add', 'eve@example.com', '--roles', 'aws', '--traits', 'team'])
    expect(wrong.err).toBe('gatehouse: --traits: "team" is not of the form KEY=VALUE\n')
  })

  test('sessions shows where somebody is signed in', async () => {
    const { out } = await gatehouse(['users', 'sessions', alice])
    expect(out).toMatch(/^Id +Client +Address +Last seen +Ends\n\S+ +browser +127\.0\.0\.1 +2026-/)
    const refused = await gatehouse(['users', 'sessions', 'nobody'])
    expect(refused.err).toContain('there is no user named "nobody"')
  })
})
