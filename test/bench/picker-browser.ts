/**
 * @module The picker of access requests in a browser, over 1,000 accounts with 750 permission sets each, all of which may
 * be asked for: from the stroke of a key in the search box to the moment when its results are painted. In it are the
 * pause in which the page waits for another letter, the call, and the drawing.
 */
import { freePort } from '../../src/demo/ports.js'
import { launchChromium } from '../support/chromium.js'
import { buildInventory } from '../support/inventory.js'
import { createPerson, role, signIn, signInAdmin } from '../support/people.js'
import { openTestGateway } from '../support/test-gateway.js'
import type { BenchLine } from './line.js'

/** Longer than this a page does not feel as if it answered at once. */
const limitMs = 500
const keys = 'abcdefghijklmnopqrstuvwxyz0123456789'.split('')

export async function bench(): Promise<BenchLine[]> {
  const inventory = buildInventory({ accounts: 1000, permissionSets: 750 })
  const port = await freePort()
  const origin = `http://localhost:${port}`
  await using gateway = await openTestGateway({
    port,
    env: { GATEHOUSE_PUBLIC_URL: origin },
    inventory,
    resources: [
      {
        kind: 'cluster_auth_preference',
        version: 'v2',
        metadata: { name: 'cluster-auth-preference' },
        spec: { second_factor: 'optional' },
      },
      role('everything', 'v8', {
        allow: { account_assignments: [{ account: '*', permission_set: '*' }] },
      }),
      role('asks', 'v8', { allow: { request: { search_as_roles: ['everything'] } } }),
    ],
  })
  const admin = await signInAdmin(gateway)
  const ann = await createPerson(gateway, admin, { name: 'ann@example.com', roles: ['asks'] })
  const [cookie = '', value = ''] = ((await signIn(gateway, ann)).cookie ?? '').split('=')
  const browser = await launchChromium()
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    await context.addCookies([{ name: cookie, value, domain: 'localhost', path: '/', secure: true }])
    const page = await context.newPage()
    await page.goto(`${origin}/request`)
    const box = page.getByRole('textbox', { name: 'Search what you may ask for' })
    const one = inventory.accounts[0]?.id ?? ''
    const times: number[] = []
    const finds = (key: string) => inventory.accounts.filter(({ name }) => name.includes(key)).length > 1
    for (const key of keys.filter(finds)) {
      await box.fill(one)
      await page.getByText(/ permission sets in 1 account$/).waitFor()
      const shown = page.evaluate<number>(untilShown)
      await box.selectText()
      await page.keyboard.press(key)
      times.push(await shown)
    }
    const sorted = times.sort((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
    return [
      line('key_to_results_median_ms', at(0.5), sorted.length),
      line('key_to_results_p95_ms', at(0.95), sorted.length),
    ]
  } finally {
    await browser.close()
  }
}

/** In the page: milliseconds from the next key until other results than those of one account are painted. */
const untilShown = `new Promise((resolve) => {
  let start
  addEventListener('keydown', () => { start = performance.now() }, { capture: true, once: true })
  const isShown = () =>
    [...document.querySelectorAll('.gh-request-main *')].some(
      (one) => one.childElementCount === 0 && / permission sets? in [\\d,]+ accounts$/.test(one.textContent),
    )
  const look = () => {
    if (start !== undefined && isShown()) requestAnimationFrame(() => resolve(performance.now() - start))
    else requestAnimationFrame(look)
  }
  look()
})`

function line(metric: string, value: number, n: number): BenchLine {
  const note = 'with the pause for another letter'
  return { bench: 'picker-browser', metric, value, limit: limitMs, ratio: value / limitMs, n, note }
}
