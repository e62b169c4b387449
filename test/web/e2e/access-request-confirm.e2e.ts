/** Decisions that ask for a code: from the link in a mail, in the queue, by promotion and revocation, and without a code. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Page } from 'playwright-core'
import { expectSoundPage, paste, useBrowser } from '../../support/browser.js'
import { MailServer } from '../../support/mail-server.js'
import { createPerson, password, role, signIn, type TestPerson } from '../../support/people.js'
import { list } from './access-lists-world.js'
import { openRequestsWorld, pairOf, type RequestsWorld } from './access-requests-world.js'
import { plugIn } from './virtual-authenticator.js'
import { fillSignIn, onPage } from './world.js'

const browser = useBrowser()
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })
const because = 'Role "guards" (v8) requires a fresh second factor for each decision on access requests.'
const reviews = {
  review_requests: { roles: ['reader', 'power', 'on-call-engineer'], preview_as_roles: ['reader', 'power'] },
}
let requests: RequestsWorld
let mail: MailServer
let guard: TestPerson
let both: TestPerson
let bare: TestPerson
let keyed: TestPerson
let chief: TestPerson
let owner: TestPerson

beforeAll(async () => {
  mail = await MailServer.open()
  requests = await openRequestsWorld({
    GATEHOUSE_SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    GATEHOUSE_MAIL_FROM: 'Gatehouse <gatehouse@example.com>',
  })
  const { world } = requests
  await requests.apply(role('guards', 'v8', { allow: reviews, options: { require_session_mfa: true } }))
  const key = { require_session_mfa: 'hardware_key' }
  await requests.apply(role('guards-with-key', 'v8', { allow: reviews, options: key }))
  const admin = await signIn(world.gateway, world.person('admin'))
  const join = async (name: string, held: string | string[], totp?: true) =>
    await createPerson(world.gateway, admin, { name, roles: [held].flat(), ...(totp && { totp }) })
  guard = await join('gina@example.com', 'guards', true)
  const power = { review_requests: { roles: ['power'] } }
  await requests.apply(role('guards-power', 'v8', { allow: power, options: { require_session_mfa: true } }))
  both = await join('bo@example.com', ['reviews', 'guards-power'], true)
  bare = await join('bea@example.com', 'guards')
  keyed = await join('kay@example.com', 'guards-with-key', true)
  const rules = ['role', 'user', 'token'].map((resource) => ({ resources: [resource], verbs: ['*'] }))
  await requests.apply(role('chiefs', 'v8', { allow: { rules }, options: { require_session_mfa: true } }))
  chief = await join('carl@example.com', 'chiefs', true)
  const kept = ['access_list', 'device'].map((resource) => ({ resources: [resource], verbs: ['*'] }))
  await requests.apply(
    role('keepers', 'v8', { allow: { rules: kept }, options: { require_session_mfa: true } }),
  )
  owner = await join('olga.keeper@example.com', 'keepers', true)
})
afterAll(async () => {
  await requests?.[Symbol.asyncDispose]()
  await mail?.[Symbol.asyncDispose]()
})

/** In a browser that knows nobody; the sign-in ends where the address led. */
async function openAs(person: TestPerson, path: string): Promise<Page> {
  const { page } = await browser.open()
  await page.goto(requests.world.origin + path)
  await fillSignIn(page, person)
  if (person.seed !== undefined) {
    await page.getByLabel('Code').fill(requests.world.code(person))
    await page.getByRole('button', { name: 'Confirm code' }).click()
  }
  await page.waitForURL(requests.world.origin + path)
  return page
}

/** Of the first mail to this person, which asks for their decision. */
async function linkTo({ name }: TestPerson): Promise<string> {
  const found = () => mail.taken.find(({ to }) => to.includes(name))
  await expect.poll(() => found()?.text, { timeout: 20_000 }).toContain('/requests/')
  return /https?:\/\/\S+\/requests\/[\w-]+/.exec(found()?.text ?? '')?.[0] ?? ''
}

const wrongCode = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
const confirmation = (page: Page) => page.getByRole('dialog', { name: 'Confirm it is you' })
const hasFocus = async (of: ReturnType<Page['getByRole']>) =>
  await expect.poll(() => of.evaluate((one) => one === document.activeElement), { timeout: 5000 }).toBe(true)
const stateOf = async (id: string) =>
  (await requests.as('reviewer').get(`/v1/access-requests/${id}`)).body.request.state as string

describe('the link in a mail', () => {
  test('leads through the sign-in to the request, which is decided with a code and nothing typed is lost', async () => {
    const id = await requests.ask('requester', [pairOf(80, 1).item], { reason: 'INC-80' })
    const page = await openAs(guard, new URL(await linkTo(guard)).pathname)
    await onPage(page, pairOf(80, 1).title)
    expect(page.url()).toBe(`${requests.world.origin}/requests/${id}`)
    const form = page.getByRole('region', { name: 'Your decision' })
    await form.getByText(`You are asked for a passkey or a code. ${because}`).waitFor()
    await expectSoundPage(page)
    await form.getByRole('textbox', { name: 'Note' }).fill('Only today')
    const approve = form.getByRole('button', { name: 'Approve', exact: true })

    await approve.focus()
    await page.keyboard.press('Enter')
    const dialog = confirmation(page)
    await dialog.getByText('You approve 1 item of the request.').waitFor()
    await dialog.getByText(because).waitFor()
    const field = dialog.getByLabel('Code', { exact: true })
    await hasFocus(field)
    await expectSoundPage(page)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await hasFocus(approve)
    expect(await form.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('Only today')
    expect(await stateOf(id)).toBe('pending')

    await page.keyboard.press('Enter')
    const code = requests.world.code(guard)
    await field.fill(wrongCode(code))
    await page.keyboard.press('Enter')
    await dialog.getByRole('alert').getByText('The code is wrong or was used before').waitFor()
    await expectSoundPage(page)
    expect(await stateOf(id)).toBe('pending')
    await field.fill(code)
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'Where it stands' }).getByText('gives access now').waitFor()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Only today').first().waitFor()
  })
})

describe('several at once', () => {
  test('are decided with one code, by keyboard; who goes back has decided nothing and typed for nothing', async () => {
    const ids: string[] = []
    for (const at of [81, 82, 83])
      ids.push(await requests.ask('careful', [pairOf(at, 2).item], { reason: `INC-${at}` }))
    const page = await openAs(guard, '/requests/review')
    for (const at of [81, 82, 83])
      await page
        .getByRole('group', { name: pairOf(at, 2).title })
        .getByRole('checkbox', { name: /^Choose the request of / })
        .check()
    await page.getByRole('button', { name: 'Deny 3', exact: true }).click()
    const outer = page.getByRole('dialog', { name: 'Deny 3 requests?' })
    await outer.getByText(`You are asked for a passkey or a code. ${because}`).waitFor()
    await outer.getByRole('textbox', { name: 'Reason' }).fill('Not this week')
    const deny = outer.getByRole('button', { name: 'Deny 3 requests' })
    await deny.focus()
    await page.keyboard.press('Enter')
    const dialog = confirmation(page)
    await dialog.getByText('You deny 3 requests.').waitFor()
    const field = dialog.getByLabel('Code', { exact: true })
    await hasFocus(field)
    await expectSoundPage(page)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await hasFocus(deny)
    expect(await outer.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('Not this week')
    for (const id of ids) expect(await stateOf(id)).toBe('pending')
    await page.keyboard.press('Enter')
    await field.fill(requests.world.code(guard))
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'Just decided' }).getByText('3 requests decided').waitFor()
    for (const id of ids) expect(await stateOf(id)).toBe('denied')
  })
})

describe('of several only some of which take a code', () => {
  test('the others are decided, and what was not confirmed is told and stays', async () => {
    const asks = await requests.ask('requester', [pairOf(91, 1).item], { reason: 'INC-91' })
    const free = await requests.ask('requester', [pairOf(92, 2).item], { reason: 'INC-92' })
    const page = await openAs(both, '/requests/review')
    for (const pair of [pairOf(91, 1), pairOf(92, 2)])
      await page
        .getByRole('group', { name: pair.title })
        .getByRole('checkbox', { name: /^Choose the request of / })
        .check()
    await page.getByRole('button', { name: 'Approve 2', exact: true }).click()
    const outer = page.getByRole('dialog', { name: 'Approve 2 requests?' })
    await outer.getByRole('button', { name: 'Approve 2 requests' }).click()
    await confirmation(page).getByText('You approve the request.').waitFor()
    await confirmation(page).getByRole('button', { name: 'Go back' }).click()
    const done = page.getByRole('region', { name: 'Just decided' })
    await done.getByText('1 of 2 requests decided, 1 could not be').waitFor()
    await done.getByText('You did not confirm it.').waitFor()
    expect([await stateOf(free), await stateOf(asks)]).toEqual(['approved', 'pending'])
    await requests.review('reviewer', asks, { all: 'deny', reason: 'No' })
  })
})

describe('a promotion and a revocation', () => {
  test('ask for a code as well; what a failed decision did not spend does for the next', async () => {
    const item = { kind: 'role', name: 'on-call-engineer' }
    await requests.apply(
      list('confirmed', {
        title: 'Confirmed hands',
        owners: [{ name: guard.name }],
        grants: { roles: ['on-call-engineer'] },
      }),
    )
    const promoted = await requests.ask('requester', [item], { reason: 'INC-84' })
    const page = await openAs(guard, `/requests/${promoted}`)
    await page.getByRole('button', { name: 'Promote to an access list …' }).click()
    const offer = page.getByRole('dialog', { name: 'Make ann@example.com a member?' })
    await offer.getByRole('radio', { name: 'Confirmed hands' }).check()
    await offer.getByRole('button', { name: 'Add ann@example.com to Confirmed hands' }).click()
    await confirmation(page).getByText('ann@example.com joins Confirmed hands.').waitFor()
    await expectSoundPage(page)
    await confirmation(page).getByLabel('Code', { exact: true }).fill(requests.world.code(guard))
    await page.keyboard.press('Enter')
    await page.getByText('now by an access list').first().waitFor()

    const revoked = await requests.ask('requester', [pairOf(85, 1).item], { reason: 'INC-85' })
    await requests.review('reviewer', revoked, { all: 'approve' })
    await page.goto(`${requests.world.origin}/requests/${revoked}`)
    await page.getByRole('button', { name: 'Revoke …' }).click()
    const end = page.getByRole('dialog', { name: 'Revoke the request of ann@example.com?' })
    await end.getByRole('textbox', { name: 'Reason' }).fill('Over')
    await end.getByRole('button', { name: 'Revoke 1 item' }).click()
    await confirmation(page).getByRole('button', { name: 'Go back' }).click()
    expect(await end.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('Over')
    await end.getByRole('button', { name: 'Revoke 1 item' }).click()
    await confirmation(page).getByLabel('Code', { exact: true }).fill(requests.world.code(guard))
    await page.keyboard.press('Enter')
    await end.waitFor({ state: 'detached' })
    expect(await stateOf(revoked)).toBe('revoked')
  })

  test('one code does for the decision that came too late and for the one after it', async () => {
    const id = await requests.ask('requester', [pairOf(86, 1).item, pairOf(87, 1).item], { reason: 'INC-86' })
    const page = await openAs(guard, `/requests/${id}`)
    const form = page.getByRole('region', { name: 'Your decision' })
    await form.getByRole('button', { name: 'Approve all 2' }).click()
    const field = confirmation(page).getByLabel('Code', { exact: true })
    await field.fill(requests.world.code(guard))
    await requests.review('reviewer', id, {
      approve: [`assignment/${pairOf(86, 1).account.id}/${pairOf(86, 1).set.arn}`],
    })
    await page.keyboard.press('Enter')
    await page.getByText('rita@example.com was faster').waitFor()
    await form.getByRole('button', { name: 'Approve', exact: true }).click()
    await page.getByRole('region', { name: 'Where it stands' }).getByText('gives access now').waitFor()
  })
})

describe('who cannot give a code', () => {
  test('is told where to add a second factor, and decides with the passkey that is added', async () => {
    const id = await requests.ask('requester', [pairOf(88, 1).item], { reason: 'INC-88' })
    const page = await openAs(bare, `/requests/${id}`)
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    const dialog = confirmation(page)
    await dialog.getByText('You have no second factor that counts here.').waitFor()
    const link = dialog.getByRole('link', { name: 'Add a second factor in My settings (opens a new tab)' })
    expect(await link.getAttribute('href')).toBe('/settings')
    await expectSoundPage(page)
    expect(await stateOf(id)).toBe('pending')

    await plugIn(page)
    await page.goto(`${requests.world.origin}/settings`)
    await page.getByRole('button', { name: 'Add passkey' }).click()
    const adding = page.getByRole('dialog', { name: 'Add passkey' })
    await adding.getByLabel('Password', { exact: true }).fill(password)
    await adding.getByRole('button', { name: 'Make the passkey' }).click()
    await page.getByRole('row', { name: /^Passkey/ }).waitFor()
    await page.goto(`${requests.world.origin}/requests/${id}`)
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    const withPasskey = dialog.getByRole('button', { name: 'Approve 1 item with a passkey' })
    await withPasskey.waitFor()
    expect(await dialog.getByLabel('Code', { exact: true }).count()).toBe(0)
    await expectSoundPage(page)
    await withPasskey.click()
    await page.getByRole('region', { name: 'Where it stands' }).getByText('gives access now').waitFor()
  })

  test('is told that a hardware key is wanted, and has no button for it', async () => {
    const id = await requests.ask('requester', [pairOf(89, 1).item], { reason: 'INC-89' })
    const page = await openAs(keyed, `/requests/${id}`)
    await page
      .getByRole('note')
      .getByText(/requires a hardware key for each decision .* ask an administrator/)
      .waitFor()
    expect(await page.getByRole('button', { name: 'Approve', exact: true }).isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Deny', exact: true }).isDisabled()).toBe(true)
    await expectSoundPage(page)
  })

  test('after too many wrong codes is told how long to wait', async () => {
    const id = await requests.ask('requester', [pairOf(90, 1).item], { reason: 'INC-90' })
    const page = await openAs(guard, `/requests/${id}`)
    const wrong = wrongCode(requests.world.code(guard))
    const other = await signIn(requests.world.gateway, guard)
    const proof = { purpose: 'review_requests', subjects: [id], code: wrong }
    for (let tries = 0; tries < 10; tries += 1) await other.post('/v1/mfa/proofs', proof)
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await confirmation(page).getByLabel('Code', { exact: true }).fill(requests.world.code(keyed))
    await page.keyboard.press('Enter')
    await confirmation(page)
      .getByText(/^Too many attempts\. Wait .*, then try again\.$/)
      .waitFor()
  })
})

describe('a change by an administrator whose role asks for it', () => {
  const says = 'Your change waits until you confirm it.'

  test('is made with a code or a passkey: a role, a reset link, a token; what was typed outlives going back', async () => {
    const page = await openAs(chief, '/tokens')
    await page.getByRole('button', { name: 'New token' }).first().click()
    const making = page.getByRole('dialog', { name: 'New token' })
    await making.getByLabel('Name', { exact: true }).fill('deploy')
    await making.getByLabel('Description').fill('Deploys at night')
    const create = making.getByRole('button', { name: 'Create token deploy' })
    await create.click()
    const dialog = confirmation(page)
    await dialog.getByText(says).waitFor()
    await dialog.getByText(/^Role "chiefs" \(v8\) requires a fresh second factor/).waitFor()
    const field = dialog.getByLabel('Code', { exact: true })
    await hasFocus(field)
    await expectSoundPage(page)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await making.getByText(/Confirm with it and do it again/).waitFor()
    await hasFocus(create)
    expect(await making.getByLabel('Description').inputValue()).toBe('Deploys at night')
    await create.click()
    const code = requests.world.code(chief)
    await field.fill(wrongCode(code))
    await page.keyboard.press('Enter')
    await dialog.getByRole('alert').getByText('The code is wrong or was used before').waitFor()
    await field.fill(code)
    await page.keyboard.press('Enter')
    const secret = page.getByRole('dialog', { name: 'Secret of deploy' })
    await secret.getByRole('button', { name: 'I have copied it' }).click()

    await plugIn(page)
    await page.goto(`${requests.world.origin}/settings`)
    await page.getByRole('button', { name: 'Add passkey' }).click()
    const adding = page.getByRole('dialog', { name: 'Add passkey' })
    await adding.getByLabel('Code from a factor you have').fill(requests.world.code(chief))
    await adding.getByRole('button', { name: 'Make the passkey' }).click()
    await page.getByRole('row', { name: /^Passkey/ }).waitFor()

    await page.goto(`${requests.world.origin}/users/${requests.people.reader.name}`)
    await page
      .getByRole('button', { name: /reset link/i })
      .first()
      .click()
    const resetting = page.getByRole('dialog')
    await resetting.getByRole('button', { name: /reset link/i }).click()
    await dialog.getByRole('button', { name: 'Go back' }).click()
    await dialog.waitFor({ state: 'detached' })
    await resetting.getByRole('button', { name: /reset link/i }).click()
    await dialog.getByRole('button', { name: 'Confirm the change with a passkey' }).click()
    await resetting.getByRole('button', { name: 'Copy link' }).waitFor()

    await page.goto(`${requests.world.origin}/roles/on-call-engineer?tab=yaml`)
    const editor = page.getByRole('textbox', { name: /^YAML of/ })
    await editor.waitFor()
    const text = (await editor.locator('.cm-line').allTextContents()).join('\n')
    await editor.click()
    await page.keyboard.press('ControlOrMeta+a')
    await paste(page, text.replace('metadata:', 'metadata:\n  description: Changed with care'))
    const save = page.getByRole('button', { name: 'Save changes' })
    await save.click()
    await dialog.getByRole('button', { name: 'Go back' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await editor.innerText()).toContain('Changed with care')
    await save.click()
    await dialog.getByRole('button', { name: 'Confirm the change with a passkey' }).click()
    await dialog.waitFor({ state: 'detached' })
    const admin = await signIn(requests.world.gateway, requests.world.person('admin'))
    const saved = async () => (await admin.get('/v1/resources/role/on-call-engineer')).text
    await expect.poll(saved).toContain('Changed with care')
  })

  test('lets an owner add a member, and adds a device with its token by one code', async () => {
    const owners = [{ name: owner.name }]
    await requests.apply(list('careful', { title: 'Careful', owners, grants: { roles: ['reader'] } }))
    const page = await openAs(owner, '/access-lists/careful')
    const dialog = confirmation(page)
    const person = page.getByRole('combobox', { name: 'Person to add' })
    await person.fill(guard.name)
    const add = page.getByRole('button', { name: 'Add to the list' })
    await add.click()
    await dialog.getByText(/^Role "keepers" \(v8\) requires a fresh second factor/).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await person.inputValue()).toBe(guard.name)
    await expectSoundPage(page)
    await add.click()
    await dialog.getByLabel('Code', { exact: true }).fill(requests.world.code(owner))
    await page.keyboard.press('Enter')
    await page.getByText(`Added ${guard.name}.`).waitFor()

    await page.goto(`${requests.world.origin}/devices`)
    await page
      .getByRole('button', { name: /new device/i })
      .first()
      .click()
    const making = page.getByRole('dialog', { name: 'New device' })
    await making.getByLabel('Asset tag').fill('L-1')
    await making.getByRole('button', { name: 'Add device and make its token' }).click()
    await dialog.getByLabel('Code', { exact: true }).fill(requests.world.code(owner))
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Enrol L-1' }).waitFor()
  })
})
