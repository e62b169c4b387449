import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectNoAxeViolations, expectSoundPage, useBrowser, paste } from '../../support/browser.js'
import { buildAccount, buildInventory, buildPermissionSet } from '../../support/inventory.js'
import { role } from '../../support/people.js'
import { onPage, openWorld, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
const inventory = buildInventory({ accounts: 1000, permissionSets: 750 })
const account = buildAccount(507)
const permissionSet = buildPermissionSet(42)
const computedRole = `${permissionSet.name}-on-${account.name}-${account.id}`
const readRoles = { kind: 'role', version: 'v8', metadata: { name: 'role-reader' } }
let world: BrowserWorld
beforeAll(async () => {
  const rules = [{ resources: ['role'], verbs: ['list', 'read'] }]
  world = await openWorld(['dev', 'roleReader'], 0, {
    inventory,
    resources: [
      { ...readRoles, spec: { allow: { rules } } },
      role('denies-all', 'v8', { deny: { app_labels: { '*': '*' } } }),
    ],
  })
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openAs(who: Who | 'admin', path: string): Promise<Page> {
  const { context, page } = await browser.open()
  await world.enter(context, who)
  await page.goto(world.origin + path)
  return page
}

const editor = (page: Page) => page.getByRole('textbox', { name: /^YAML of/ })
const check = (page: Page) => page.getByRole('region', { name: 'Check' })

/** Replaces the whole text, as a paste does. */
async function typeYaml(page: Page, text: string): Promise<void> {
  await editor(page).click()
  await page.keyboard.press('ControlOrMeta+a')
  await paste(page, text)
}

/** The text of the editor; its lines are elements of their own. */
async function readYaml(page: Page): Promise<string> {
  await editor(page).waitFor()
  return (await editor(page).locator('.cm-line').allTextContents()).join('\n')
}

describe('the list of roles', () => {
  test('holds 750,000 account assignment roles, of which a search finds one at once', async () => {
    const page = await openAs('admin', '/roles')
    await onPage(page, 'Roles')
    await page.getByRole('link', { name: 'editor', exact: true }).waitFor()
    await expectSoundPage(page)
    await page.getByText('Of accounts').click()
    await page.getByText(/of 750,000/).waitFor()
    expect(await page.getByRole('row').count()).toBeLessThan(80)
    await page.getByLabel('Search roles').fill(`${permissionSet.name} ${account.id}`)
    await page.getByRole('link', { name: computedRole }).waitFor()
    expect(new URL(page.url()).searchParams.get('origin')).toBe('system')
    await expectSoundPage(page)
    await page.getByLabel('Search roles').fill('no role has such a name')
    await page.getByText('No role matches').waitFor()
    await expectSoundPage(page)
  })

  test('reads on while it is scrolled', async () => {
    const page = await openAs('admin', '/roles?origin=system')
    await page.getByText(/^100 of 750,000/).waitFor()
    for (let step = 0; step < 12; step++) await page.mouse.wheel(0, 3000)
    await page.getByText(/^[2-9]00 of 750,000/).waitFor()
  })

  test('is refused to a person without the right', async () => {
    const page = await openAs('dev', '/roles')
    await page.getByText('Your roles do not allow this').waitFor()
    expect(await page.getByRole('button', { name: 'New role' }).count()).toBe(0)
    await expectSoundPage(page)
  })
})

describe('a new role', () => {
  test('from a template gets an account by name and is granted nothing before it is saved', async () => {
    const page = await openAs('admin', '/roles')
    await page.getByRole('button', { name: 'New role' }).click()
    await page.getByRole('menuitem', { name: /^AWS accounts/ }).click()
    await onPage(page, 'New role')
    await page.getByLabel('Name', { exact: true }).fill('payments-dev')
    await page.getByRole('button', { name: 'Add account assignment' }).click()
    await page.getByRole('combobox', { name: 'Account of assignment 1' }).fill(account.name)
    await page.getByRole('option', { name: new RegExp(account.id) }).click()
    await page.getByRole('combobox', { name: 'Permission set of assignment 1' }).fill(permissionSet.name)
    await page.getByRole('option', { name: new RegExp(permissionSet.arn) }).click()
    await check(page).getByText('Looks right: creates role payments-dev.').waitFor()
    await expectSoundPage(page)

    await page.getByRole('tab', { name: 'YAML' }).click()
    const text = await readYaml(page)
    expect(text).toContain('# One entry for each account and permission set.')
    expect(text).toContain(`account: "${account.id}"`)
    expect(text).toContain(`permission_set: ${permissionSet.arn}`)
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Create role' }).click()

    await onPage(page, 'payments-dev')
    expect(new URL(page.url()).pathname).toBe('/roles/payments-dev')
    await page.getByRole('tab', { name: 'What it gives' }).click()
    await page.getByText('1 account assignment in 1 account').waitFor()
    await page.getByText(account.name).waitFor()
    await expectSoundPage(page)
    await page.getByRole('tab', { name: 'Who holds it' }).click()
    await page.getByText('Nobody holds this role').waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Grant to a person …' }).click()
    await page.getByRole('combobox', { name: /^Grant .* to$/ }).fill(world.person('dev').name)
    await page.getByRole('button', { name: 'Open their roles' }).click()
    await onPage(page, world.person('dev').name)
    await page.getByRole('list', { name: 'Roles held' }).getByRole('link', { name: 'payments-dev' }).waitFor()
    await check(page)
      .getByText(/updates user/)
      .waitFor()
    await page.getByRole('button', { name: 'Discard changes' }).click()
  })

  test('with mistakes shows each at its line, and cannot be saved', async () => {
    const page = await openAs('admin', '/roles/new?template=empty&tab=yaml')
    await editor(page).waitFor()
    await typeYaml(
      page,
      'kind: role\nversion: v8\nmetadata:\n  name: wrong\nspec:\n  allow:\n    app_labls: {}\n    rules:\n      - resources: [user]\n        verbs: [fly]\n',
    )
    await check(page).getByText('2 problems').waitFor()
    expect(await page.getByRole('button', { name: 'Create role' }).isDisabled()).toBe(true)
    await expectSoundPage(page)
    const problem = check(page).getByRole('button', { name: /Line 10/ })
    expect(await problem.textContent()).toMatch(/fly/)
    await problem.click()
    await expect.poll(() => page.locator('.cm-activeLine').textContent()).toContain('verbs: [fly]')
    expect(await page.locator('.cm-lint-marker-error').count()).toBe(2)
  })

  test('of a name that exists is refused with the words of the server', async () => {
    const page = await openAs('admin', '/roles/new?template=empty')
    await page.getByLabel('Name', { exact: true }).fill('editor')
    await check(page)
      .getByText(/exists already|already exists/)
      .waitFor()
    expect(await page.getByRole('button', { name: 'Create role' }).isDisabled()).toBe(true)
  })
})

describe('form and YAML', () => {
  const text = [
    'kind: role',
    'version: v8',
    'metadata:',
    '  name: both-ways',
    'spec:',
    '  allow:',
    '    # logins of another product',
    '    logins: [root]',
    '    app_labels:',
    '      env: [staging, dev]',
    '',
  ].join('\n')

  test('edit one document: what the form does not know stays, and is said', async () => {
    const page = await openAs('admin', '/roles/new?template=empty&tab=yaml')
    await editor(page).waitFor()
    await typeYaml(page, text)
    await page.getByRole('tab', { name: 'Form' }).click()
    await page.getByText('Also in this role').waitFor()
    await page.getByText('spec.allow.logins', { exact: true }).waitFor()
    expect(await page.getByLabel('Name of label 1').inputValue()).toBe('env')
    await page.getByLabel('Description').fill('Two ways')
    await page.getByRole('button', { name: 'Add rule' }).click()
    await page.getByRole('combobox', { name: 'Kinds of resources of rule 1' }).fill('user')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await page.getByRole('group', { name: 'Verbs of rule 1' }).getByText('list', { exact: true }).click()
    await expectSoundPage(page)
    await page.getByRole('tab', { name: 'YAML' }).click()
    const edited = await readYaml(page)
    expect(edited).toContain('    # logins of another product\n    logins: [root]')
    expect(edited).toContain('description: Two ways')
    expect(edited).toMatch(/resources:\n\s+- user\n\s+verbs:\n\s+- list/)
  })
})

describe('two people edit one role', () => {
  async function bothEdit(name: string): Promise<{ mine: Page; save: (page: Page) => Promise<void> }> {
    const setUp = await openAs('admin', '/roles/new?template=empty')
    await setUp.getByLabel('Name', { exact: true }).fill(name)
    await setUp.getByRole('button', { name: 'Create role' }).click()
    await onPage(setUp, name)
    const save = async (page: Page): Promise<void> => {
      await page.getByRole('button', { name: 'Save changes' }).click()
      await page.getByText('Saved. It is in force now.').waitFor()
    }
    const mine = await openAs('admin', `/roles/${name}`)
    await mine.getByLabel('Description').fill('as I want it')
    await check(mine)
      .getByText(/Looks right|Can be saved/)
      .waitFor()
    await setUp.getByLabel('Description').fill('as they want it')
    await save(setUp)
    // Checked before the other one saved; saving finds out.
    await mine.getByRole('button', { name: 'Save changes' }).click()
    await mine.getByRole('dialog', { name: `${name} was changed meanwhile` }).waitFor()
    return { mine, save }
  }

  test('the later sees both texts, and goes on with theirs beneath', async () => {
    const { mine, save } = await bothEdit('stale-mine')
    const sides = mine.getByRole('region', { name: 'Yours and theirs' })
    await sides.getByText('description: as I want it').waitFor()
    await sides.getByText('description: as they want it').waitFor()
    await expectSoundPage(mine)
    await mine.keyboard.press('Escape')
    await sides.waitFor({ state: 'detached' })
    expect(await mine.getByLabel('Description').inputValue()).toBe('as I want it')
    await mine.getByText('Somebody else saved meanwhile.').waitFor()
    await mine.getByRole('button', { name: 'Compare', exact: true }).click()
    await mine.getByRole('button', { name: 'Keep editing mine on top of theirs' }).click()
    await check(mine).getByText('as they want it').waitFor()
    await check(mine).getByText('description: as I want it').waitFor()
    await save(mine)
    await mine.reload()
    expect(await mine.getByLabel('Description').inputValue()).toBe('as I want it')
  })

  test('the later takes theirs, and can still bring their own text back', async () => {
    const { mine } = await bothEdit('stale-theirs')
    const download = mine.waitForEvent('download')
    await mine.getByRole('link', { name: 'Download mine' }).click()
    expect((await download).suggestedFilename()).toBe('stale-theirs.yaml')
    await mine.getByRole('button', { name: 'Take theirs' }).click()
    await expect.poll(() => mine.getByLabel('Description').inputValue()).toBe('as they want it')
    await mine.getByRole('button', { name: 'Bring my text back' }).click()
    expect(await mine.getByLabel('Description').inputValue()).toBe('as I want it')
  })
})

describe('typed text', () => {
  test('is not left behind unasked, and is there again on the way back', async () => {
    const page = await openAs('admin', '/roles/reviewer')
    await page.getByLabel('Description').fill('half a thought')
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click()
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
    await expectNoAxeViolations(page)
    await page.getByRole('button', { name: 'Leave, keep my text in this tab' }).click()
    await onPage(page, 'Users')
    await page.goBack()
    await page.getByText('This is what you typed before; it is not saved yet.').waitFor()
    expect(await page.getByLabel('Description').inputValue()).toBe('half a thought')
    await page.getByRole('button', { name: 'Discard it' }).click()
    expect(await page.getByLabel('Description').inputValue()).toBe('Reviews requests for access.')
  })
})

describe('what may not be changed', () => {
  test('an account assignment role is read only and says why', async () => {
    const page = await openAs('admin', `/roles/${encodeURIComponent(computedRole)}`)
    await onPage(page, computedRole)
    await page.getByText(/The gateway makes this role itself/).waitFor()
    await editor(page).waitFor()
    expect(await editor(page).getAttribute('aria-readonly')).toBe('true')
    expect(await page.getByRole('button', { name: /Save|Delete/ }).count()).toBe(0)
    await expectSoundPage(page)
    await page.getByRole('tab', { name: 'What it gives' }).click()
    await page.getByText('1 account assignment in 1 account').waitFor()
  })

  test('a person who may only read roles sees them without a button to save', async () => {
    const page = await openAs('roleReader', '/roles/editor')
    await page.getByText('Your roles let you read this role, not change it.').waitFor()
    await editor(page).waitFor()
    expect(await page.getByRole('button', { name: /Save|Delete/ }).count()).toBe(0)
    await page.goto(`${world.origin}/roles`)
    await page.getByRole('link', { name: 'editor', exact: true }).waitFor()
    expect(await page.getByRole('button', { name: 'New role' }).count()).toBe(0)
  })
})

describe('what a role gives', () => {
  const why = (page: Page) => page.getByRole('dialog', { name: 'Why?' })

  test('has its reason and what would change it, for an application', async () => {
    const page = await openAs('roleReader', '/roles/engineer?tab=gives')
    await page.getByRole('button', { name: 'Why: aws-identity-center' }).click()
    await why(page).getByText('engineer → aws-identity-center').waitFor()
    await why(page).getByText('Each of these would allow it').waitFor()
    await expectNoAxeViolations(page)
  })

  test('names what stands in the way where no single change is enough', async () => {
    const page = await openAs('admin', '/roles/denies-all?tab=gives')
    await page.getByRole('button', { name: 'Why: aws-identity-center' }).click()
    await why(page)
      .getByText('No single change is enough: role "denies-all" denies it, and no role allows it.')
      .waitFor()
    expect(await why(page).getByRole('region', { name: 'Changes' }).count()).toBe(0)
  })

  test('has its reason for a picked account too', async () => {
    const page = await openAs('admin', `/roles/${computedRole}?tab=gives`)
    await page
      .getByRole('button', { name: `How ${permissionSet.name} in ${account.name} is reached` })
      .click()
    const way = page.getByRole('region', { name: `How ${computedRole} reaches ${account.name}` })
    expect(await way.getByRole('listitem').allTextContents()).toEqual([
      `Role${computedRole}`,
      `Permission set in account${permissionSet.name}${account.name} ${account.id}`,
    ])
    await expectSoundPage(page)
    await way.getByRole('button', { name: 'Why?' }).click()
    await why(page).getByText('Allowed').waitFor()
  })
})

test('a role is deleted after its effect was told, by a button with its name', async () => {
  const page = await openAs('admin', '/roles/engineer')
  await page.getByRole('button', { name: 'Delete role …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete role engineer?' })
  await dialog.getByText('This cannot be undone.').waitFor()
  await expectNoAxeViolations(page)
  await dialog.getByRole('button', { name: 'Delete engineer' }).click()
  await onPage(page, 'Roles')
  await page.goto(`${world.origin}/roles/engineer`)
  await page.getByText('There is no role engineer').waitFor()
  await expectSoundPage(page)
})
