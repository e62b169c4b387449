/**
 * `gatehouse edit` against a real gateway, with editors that are programs of a few lines: whatever is refused, changed
 * by somebody else or given up, what was typed is kept.
 */
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { machineUser, runCommand, type CommandOutcome } from '../support/command-line.js'
import { buildInventory } from '../support/inventory.js'
import { role, signInAdmin, type TestBrowser, testResources } from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let admin: TestBrowser
let env: NodeJS.ProcessEnv
let folder: string
const path = '/v1/resources/role/edited'

beforeAll(async () => {
  gateway = await openTestGateway({
    resources: testResources,
    inventory: buildInventory({ accounts: 1, permissionSets: 1 }),
  })
  admin = await signInAdmin(gateway)
  env = await machineUser(gateway, admin, { name: 'ci', roles: ['editor'] })
})
afterAll(() => gateway?.[Symbol.asyncDispose]())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-edit-test-'))
  const description = 'as it was'
  const document = {
    ...(role('edited', 'v7', { allow: { logins: ['a'] } }) as object),
    metadata: { name: 'edited', description },
  }
  await admin.post('/v1/resources?mode=replace', document)
  return () => rm(folder, { recursive: true, force: true })
})

/**
 * An editor that runs these steps, one each time it is opened: the body of a function from the text to the text.
 * What it was shown is kept in `seen-N`.
 */
async function editorOf(...steps: readonly string[]): Promise<string> {
  const script = `import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
const file = process.argv.at(-1)
const folder = ${JSON.stringify(folder)}
const steps = [${steps.map((step) => `async (text) => { ${step} }`).join(', ')}]
let at = 0
while (existsSync(folder + '/seen-' + at)) at++
const text = readFileSync(file, 'utf8')
writeFileSync(folder + '/seen-' + at, text)
writeFileSync(folder + '/mode', (statSync(file).mode & 0o777).toString(8))
writeFileSync(file, await steps[at](text))
`
  const editor = join(folder, 'editor.mjs')
  await writeFile(editor, script)
  return `${process.execPath} ${editor}`
}

const seen = async (at: number): Promise<string> => await readFile(join(folder, `seen-${at}`), 'utf8')

async function edit(
  editor: string,
  { answers = [], what = 'role/edited' }: { answers?: readonly string[]; what?: string } = {},
): Promise<CommandOutcome> {
  return await runCommand(['edit', what], {
    env: { ...env, EDITOR: editor, PATH: process.env.PATH },
    answers,
  })
}

/** What is left of the files that were edited. */
const leftOver = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter(
    (name) => name.startsWith('gatehouse-edit-') && !name.startsWith('gatehouse-edit-test-'),
  )

async function stored(): Promise<{
  yaml: string
  revision: string
  document: { metadata: { description: string }; spec: object }
}> {
  return (await admin.get(path)).body as Awaited<ReturnType<typeof stored>>
}

const keptIn = (text: string): string => /is in (\/\S+)/.exec(text)?.[1] ?? ''
const describeIt = (words: string) =>
  `return text.replace(/description: .*/, ${JSON.stringify(`description: ${words}`)})`
/** Somebody else changes the resource while the editor is open. */
const meanwhile = (change: string) => `
  const headers = { authorization: 'Bearer ${env.GATEHOUSE_TOKEN}', 'content-type': 'application/yaml' }
  const theirs = text.replace(/^#!.*\\n/gm, '')
  const answer = await fetch('${gateway.url}${path}', { method: 'PUT', headers: { ...headers, 'if-match': '*' }, body: theirs${change} })
  if (!answer.ok) throw new Error(await answer.text())
`

describe('edit', () => {
  test('saves what was changed, from a file that only its owner can read', async () => {
    const before = await leftOver()
    const { code, out, err } = await edit(await editorOf(describeIt('better')))
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^role "edited" updated\n/)
    expect((await stored()).document.metadata.description).toBe('better')
    expect(await seen(0)).toMatch(/\n {2}revision: /)
    expect(await readFile(join(folder, 'mode'), 'utf8')).toBe('600')
    expect(await leftOver()).toEqual(before)
  })

  test.each([
    ['the same', 'return text'],
    ['nothing', "return ''"],
  ])('%s is no change', async (_, step) => {
    const { yaml } = await stored()
    const { code, out } = await edit(await editorOf(step))
    expect({ code, out }).toEqual({ code: 0, out: 'Nothing was changed.\n' })
    expect((await stored()).yaml).toBe(yaml)
  })

  test('what is refused comes back with the reasons above it, at the lines where they stand then', async () => {
    const { code, out } = await edit(
      await editorOf(
        "return text.replace('allow:', 'alow:').replace('as it was', 'mended')",
        "return text.replace('\\n  alow:', '\\n  allow:')",
      ),
    )
    expect(code).toBe(0)
    const again = (await seen(1)).split('\n')
    expect(again[0]).toMatch(/^#! Nothing was saved\. Mend this and save again/)
    const [, line] =
      /^#! line (\d+): spec\.alow: this field is not known \(did you mean allow\?\)/.exec(again[1] ?? '') ??
      []
    expect(again[Number(line) - 1]).toBe('  alow:')
    expect(again.join('\n')).toContain('description: mended')
    expect(out).toMatch(/^role "edited" updated\n/)
    expect((await stored()).yaml).not.toContain('#!')
  })

  test('saving the refused text again gives up, with the text kept', async () => {
    const { yaml } = await stored()
    const { code, err } = await edit(await editorOf("return text.replace('allow:', 'alow:')", 'return text'))
    expect(code).toBe(1)
    expect(err).toContain('spec.alow: this field is not known')
    expect(await readFile(keptIn(err), 'utf8')).toContain('alow:')
    expect((await stat(keptIn(err))).mode & 0o777).toBe(0o600)
    expect((await stored()).yaml).toBe(yaml)
    await rm(join(keptIn(err), '..'), { recursive: true })
  })

  test('an editor that fails leaves the text where it says', async () => {
    const { code, err } = await edit(
      await editorOf("setTimeout(() => process.exit(3)); return text + '# typed'"),
    )
    expect(code).toBe(1)
    expect(err).toContain('ended with status 3; nothing was changed')
    expect(await readFile(keptIn(err), 'utf8')).toContain('# typed')
    await rm(join(keptIn(err), '..'), { recursive: true })
    const missing = await edit('/no/such/editor --wait')
    expect(missing.code).toBe(1)
    expect(missing.err).toContain('the editor (/no/such/editor --wait) ended with status 127')
    expect(missing.err).not.toContain('Your text is in')
  })

  test('another name is refused with the words of the gateway', async () => {
    await edit(await editorOf("return text.replace('name: edited', 'name: other')", "return ''"))
    expect(await seen(1)).toMatch(
      /^#! line \d+: metadata\.name: has to be edited, as in the path of the request/m,
    )
  })
})

describe('edit of what somebody else changed meanwhile', () => {
  const theirs = '.replace("- a", "- b")'

  test('shows both changes, overwrites nothing and keeps the text', async () => {
    const editor = await editorOf(`${meanwhile(theirs)}; ${describeIt('mine')}`)
    const { code, out, err } = await edit(editor, { answers: ['n'] })
    expect(code).toBe(1)
    expect(out).toMatch(/What was changed meanwhile:\n(.*\n)*- {6}- a\n\+ {6}- b\n/)
    expect(out).toMatch(/What you changed:\n(.*\n)*- {2}description: as it was\n\+ {2}description: mine\n/)
    expect(err).toContain('role "edited" was changed since you read it')
    expect(await readFile(keptIn(err), 'utf8')).toContain('description: mine')
    const now = await stored()
    expect(now.document.metadata.description).toBe('as it was')
    expect(now.yaml).toContain('- b')
    await rm(join(keptIn(err), '..'), { recursive: true })
  })

  test('puts one on top of the other where different lines were changed', async () => {
    const { revision } = await stored()
    // The number of the revision stands in the text too, and is nothing there.
    const editor = await editorOf(`${meanwhile(theirs)}; ${describeIt(`mine ${revision}`)}`, 'return text')
    const { code, out } = await edit(editor, { answers: ['y'] })
    expect(code).toBe(0)
    expect(await seen(1)).toMatch(/^#! Your change on top of theirs\./)
    const now = await stored()
    expect(now.document.metadata.description).toBe(`mine ${revision}`)
    expect(now.yaml).toContain('- b')
    expect(await readFile(keptIn(out), 'utf8')).toContain('- a')
    await rm(join(keptIn(out), '..'), { recursive: true })
  })

  test('where both changed the same line it opens theirs, and yours stands beside it', async () => {
    const step = `${meanwhile(`.replace(/description: .*/, 'description: theirs')`)}; ${describeIt('mine')}`
    const { code, out } = await edit(await editorOf(step, describeIt('both')), { answers: ['y'] })
    expect(code).toBe(0)
    const opened = await seen(1)
    expect(opened).toMatch(/^#! Both changed the same lines\. This is theirs; yours is in \//)
    expect(opened).toContain('description: theirs')
    expect(await readFile(keptIn(out), 'utf8')).toContain('description: mine')
    expect((await stored()).document.metadata.description).toBe('both')
    await rm(join(keptIn(out), '..'), { recursive: true })
  })
})

describe('edit is refused', () => {
  test('without a terminal', async () => {
    const refused = await runCommand(['edit', 'role/edited'], { env: { ...env, EDITOR: 'true' } })
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain(
      'there is no terminal to edit on; write a file with "gatehouse get KIND/NAME -o yaml"',
    )
  })

  test('for what the gateway computes, and for what there is not', async () => {
    const { out } = await runCommand(['get', 'role', '--origin', 'system', '-o', 'json'], { env })
    const [computed] = JSON.parse(out) as { metadata: { name: string } }[]
    const refused = await edit('true', { what: `role/${computed?.metadata.name ?? ''}` })
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('is computed by the gateway and cannot be changed')
    expect((await edit('true', { what: 'role/none' })).err).toContain('there is no role named "none"')
    expect((await edit('true', { what: 'role' })).err).toBe('gatehouse: say which role: role/NAME\n')
  })
})
