/**
 * @module What people do in the demo, as steps over HTTP: redeem a link, sign in, open the portal, give a code.
 */
import { Secret, TOTP } from 'otpauth'
import { systemClock } from '../lib/clock.js'
import { HeadlessBrowser, readForm, readPageData, readText, type PageAnswer } from './browser.js'
import { administrator, demoPassword, demoPeople, type DemoPerson } from './people.js'
import type { World } from './world.js'

/** TOTP seeds of the people who enrolled one, by name. */
export type Seeds = Map<string, string>

/** The code that an authenticator app shows for this seed at this instant. */
export function currentCode(seed: string, now: number): string {
  return new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: now })
}

/** Opens a one-time link and sets the password; enrols a TOTP seed where the person wants one. */
export async function redeemLink(world: World, url: string, enrolTotp: boolean): Promise<string | undefined> {
  const browser = new HeadlessBrowser()
  const token = new URL(url).hash.slice(1)
  const link = await browser.api(world.gatewayUrl, 'POST', '/v1/links/inspect', { token })
  const totp = typeof link === 'object' && link !== null && 'totp' in link ? link.totp : undefined
  const seed = enrolTotp ? readText(totp, 'secret') : undefined
  const person = readText(link, 'user')
  await browser.api(world.gatewayUrl, 'POST', '/v1/links/redeem', {
    token,
    password: demoPassword,
    ...(seed !== undefined && {
      totp: {
        ticket: readText(totp, 'ticket'),
        code: await freshCode(new Map([[person, seed]]), person),
      },
    }),
  })
  return seed
}

/** Signs in on the gateway's page; answers where the page would go next. */
export async function signIn(
  world: World,
  browser: HeadlessBrowser,
  user: string,
  next: string,
  seeds: Seeds,
): Promise<string> {
  const first = await browser.api(world.gatewayUrl, 'POST', '/v1/sign-in', {
    user,
    password: demoPassword,
    next,
  })
  if (readText(first, 'status') === 'signed_in') return readText(first, 'next')
  const second = await browser.api(world.gatewayUrl, 'POST', '/v1/sign-in/totp', {
    code: await freshCode(seeds, user),
    next,
  })
  return readText(second, 'next')
}

const spent = new Map<string, string>()
const stepMs = 30_000

/** A code that was not used before: the same person's next one may need the next 30 seconds. */
export async function freshCode(seeds: Seeds, user: string): Promise<string> {
  const seed = seeds.get(user)
  if (seed === undefined) throw new Error(`${user} has no second factor`)
  // The gateway accepts the step before and after the present one, each once: three codes need no waiting.
  for (;;) {
    const now = systemClock.now()
    for (const offset of [-stepMs, 0, stepMs]) {
      const at = now + offset
      const step = Math.floor(at / stepMs)
      if (step <= Number(spent.get(user) ?? -1)) continue
      spent.set(user, String(step))
      return currentCode(seed, at)
    }
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

/** How a sign-in to the portal ended. */
export type PortalOutcome =
  | { readonly ended: 'portal'; readonly page: PageAnswer }
  | { readonly ended: 'refused_by_aws'; readonly page: PageAnswer }
  | { readonly ended: 'refused_here'; readonly data: unknown; readonly page: PageAnswer }
  | { readonly ended: 'step_up'; readonly handle: string }

/** Follows a sign-in from any address of ours to its end, or to the point where the person must act. */
export async function followToPortal(
  world: World,
  browser: HeadlessBrowser,
  url: string,
  person: string,
  seeds: Seeds,
): Promise<PortalOutcome> {
  const page = await browser.open(url)
  const at = new URL(page.url)
  if (at.pathname === '/sign-in') {
    const next = await signIn(world, browser, person, at.searchParams.get('next') ?? '/', seeds)
    return await followToPortal(world, browser, new URL(next, world.gatewayUrl).href, person, seeds)
  }
  if (at.pathname === '/step-up') {
    return { ended: 'step_up', handle: at.searchParams.get('handle') ?? '' }
  }
  const data = readPageData(page.text)
  if (data !== undefined) return { ended: 'refused_here', data, page }
  const form = readForm(page.text)
  if (form === undefined) throw new Error(`${page.url} answered ${page.status} without a form`)
  const landed = await browser.open(form.action, form.fields)
  return { ended: landed.status === 200 ? 'portal' : 'refused_by_aws', page: landed }
}

/** Makes the sample people: the administrator by the printed link, the others by invitation. */
export async function populate(world: World): Promise<{ admin: HeadlessBrowser; seeds: Seeds }> {
  const seeds: Seeds = new Map()
  await redeemLink(world, world.firstAdminLink, false)
  const admin = new HeadlessBrowser()
  await signIn(world, admin, administrator, '/', seeds)
  for (const person of demoPeople) {
    const seed = await invite(world, admin, person)
    if (seed !== undefined) seeds.set(person.name, seed)
  }
  return { admin, seeds }
}

async function invite(world: World, admin: HeadlessBrowser, person: DemoPerson): Promise<string | undefined> {
  const { name, roles, traits, enrolTotp } = person
  const issued = await admin.api(world.gatewayUrl, 'POST', '/v1/users', {
    name,
    roles,
    ...(traits && { traits }),
  })
  return await redeemLink(world, readText(issued, 'url'), enrolTotp)
}
