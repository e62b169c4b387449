/**
 * Every kind in the editor of the page: a wrong document is told with the lines and words of the command line, a right
 * one with the change that it would tell. `test/contract/edges.test.ts` holds that one and the API together.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { parse, stringify } from 'yaml'
import { machineUser, runCommand } from '../../support/command-line.js'
import { testKinds } from '../../support/kinds.js'
import { signIn } from '../../support/people.js'
import type { Kind } from '../../../src/service/resources/kind.js'
import { useBrowser, paste } from '../../support/browser.js'
import { openWorld, type BrowserWorld } from './world.js'

const listExample = testKinds().known.access_list.example

const browser = useBrowser()
let world: BrowserWorld
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  world = await openWorld([])
  const admin = await signIn(world.gateway, world.person('admin'))
  env = await machineUser(world.gateway, admin, { name: 'ci', roles: ['editor'] })
  // A membership is of a list that is there.
  const { code, err } = await runCommand(['create', '-f', '-'], { env, input: listExample })
  expect([code, err]).toEqual([0, ''])
})
afterAll(() => world?.[Symbol.asyncDispose]())

/** A new one; of a kind that has one only, that one. */
async function openEditor({ name, singleton }: Kind): Promise<Page> {
  const { context, page } = await browser.open()
  await world.enter(context, 'admin')
  await page.goto(`${world.origin}/resources/${name}/${singleton ?? 'new'}`)
  // The one that there is has a form, which stands first.
  if (singleton !== undefined) await page.getByRole('tab', { name: 'YAML' }).click()
  return page
}

const check = (page: Page) => page.getByRole('region', { name: 'Check' })

/** Replaces the whole text, as a paste does. */
async function typeYaml(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: /^YAML of/ }).click()
  await page.keyboard.press('ControlOrMeta+a')
  await paste(page, text)
}

/** `line 3: spec.no_such: This field ...`, as the page shows them in three pieces. */
async function problemsOf(page: Page): Promise<string[]> {
  const items = check(page).getByRole('list', { name: 'Problems' }).getByRole('listitem')
  await items.first().waitFor()
  const found: string[] = []
  for (const item of await items.all()) {
    const pieces = await item.locator('.gh-problem > *').allTextContents()
    found.push(pieces.join(': ').replace(/^Line /, 'line '))
  }
  return found
}

const spoil = ({ example }: Kind): string => {
  const document = parse(example) as { spec: object }
  return stringify({ ...document, no_such: 1, spec: { ...document.spec, nor_this: 2 } })
}

/** The lines of the command line in the form of {@link problemsOf}. */
async function problemsOfCommandLine(text: string): Promise<string[]> {
  const { code, err } = await runCommand(['create', '--dry-run', '-f', '-'], { env, input: text })
  expect(code).toBe(1)
  const [, ...lines] = err.trimEnd().split('\n')
  return lines.map((line) =>
    line.replace(/^stdin:(\d+): (\S+): (.)/, (_, at: string, path: string, first: string) => {
      return `line ${at}: ${path}: ${first.toUpperCase()}`
    }),
  )
}

describe.each(testKinds().all.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  test('tells mistakes and changes as the command line does', async () => {
    const { example, singleton } = kind
    const page = await openEditor(kind)
    const wrong = spoil(kind)
    await typeYaml(page, wrong)
    await check(page)
      .getByText(/^\d+ problems$/)
      .waitFor()
    const told = await problemsOf(page)
    expect(told).toEqual(await problemsOfCommandLine(wrong))
    expect(told.length).toBeGreaterThan(1)

    const document = parse(example) as { metadata: object; spec: object }
    const words = 'of every edge'
    const right = stringify(
      kind.name === 'access_list_member'
        ? { ...document, spec: { ...document.spec, reason: words } }
        : { ...document, metadata: { name: singleton ?? 'edges', description: words } },
    )
    await typeYaml(page, right)
    await check(page)
      .getByText(/(Looks right|Can be saved; read the .*first): (creates|updates) /)
      .waitFor()
    const args = ['create', '--dry-run', ...(singleton === undefined ? [] : ['--force'])]
    const { out } = await runCommand([...args, '-f', '-'], { env, input: right })
    const notes = out
      .split('\n')
      .filter((line) => /^ {2}[A-Z]/.test(line))
      .map((line) => line.trim())
    const shown = await check(page).getByRole('note').getByRole('listitem').allTextContents()
    expect(shown).toEqual([...new Set(notes)])
  })
})
