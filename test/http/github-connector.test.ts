import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { GithubServer } from '../support/github-server.js'
import { clientSecret, openConnectorWorld, type ConnectorWorld } from './connectors-world.js'

let world: ConnectorWorld
let github: GithubServer

const teams = [
  { organization: 'EXAMPLE', team: 'platform', roles: ['aws'] },
  { organization: 'example', team: 'sre', roles: ['extra'] },
]

beforeAll(async () => {
  world = await openConnectorWorld()
})
afterAll(async () => await world[Symbol.asyncDispose]())

let number = 1000
beforeEach(async () => {
  github = await GithubServer.open()
  github.clientSecret = clientSecret
  number++
  github.user = { id: number, login: `zoe-${number}`, type: 'User' }
  await world.put({
    kind: 'github',
    version: 'v3',
    metadata: { name: 'github' },
    spec: {
      client_id: 'Iv1.x',
      client_secret: clientSecret,
      endpoint_url: github.url,
      teams_to_roles: teams,
    },
  })
  return async () => await github[Symbol.asyncDispose]()
})

describe('sign-in through GitHub', () => {
  test('gives the roles of the teams, by slugs in any case; the user is the login, the subject the number', async () => {
    const browser = world.browser()
    await world.signIn('github', browser)
    expect(await world.who(browser)).toBe(`zoe-${number}`)
    expect((await world.gateway.gateway.catalog.user(`zoe-${number}`))?.roles).toEqual(['aws'])
    expect(Object.fromEntries(github.asked)).toMatchObject({
      client_id: 'Iv1.x',
      scope: 'read:org',
      code_challenge_method: 'S256',
      redirect_uri: `${world.gateway.publicUrl}/v1/connectors/callback/github/github`,
    })
    expect(await world.lastLogin()).toMatchObject({
      code: 'T1001I',
      method: 'github',
      subject: `${new URL(github.url).host}#${number}`,
    })
  })

  test('finds the team on the second page', async () => {
    github.teams = [...Array.from({ length: 120 }, (_, at) => `other/team-${at}`), 'example/sre']
    await world.signIn('github', world.browser())
    expect((await world.gateway.gateway.catalog.user(`zoe-${number}`))?.roles).toEqual(['extra'])
  })

  test('a renamed account is the same user, and whoever takes the old login is not', async () => {
    const browser = world.browser()
    await world.signIn('github', browser)
    github.user = { ...github.user, login: 'renamed' }
    await world.signIn('github', browser)
    expect(await world.who(browser)).toBe(`zoe-${number}`)
    github.user = { id: 999_999, login: `zoe-${number}` }
    const thief = await world.signIn('github')
    expect(thief.status).toBe(403)
    expect(thief.text).toContain('this name is taken; ask an administrator')
  })

  test.each<[string, () => void, number, RegExp]>([
    ['in no mapped team', () => (github.teams = ['example/others', 'evil/platform']), 403, /No roles mapped/],
    ['who says no', () => (github.denies = true), 502, /access_denied/],
    ['of whom the API says no number', () => (github.user = { login: 'x' }), 502, /who the person is/],
    [
      'with a secret that GitHub does not know',
      () => (github.clientSecret = 'other'),
      502,
      /client_secret are incorrect/,
    ],
  ])('somebody %s is refused', async (_, spoil, status, why) => {
    spoil()
    const browser = world.browser()
    expect((await world.signIn('github', browser)).status).toBe(status)
    expect(await world.who(browser)).toBeUndefined()
    const login = await world.lastLogin()
    expect(login).toMatchObject({ code: 'T1001W', connector: 'github' })
    expect(login?.['message']).toMatch(why)
    expect(JSON.stringify(login)).not.toContain(clientSecret)
  })

  test('a code of another sign-in is refused for its verifier', async () => {
    const upTo = async () =>
      await world
        .browser()
        .open(`${world.gateway.publicUrl}/v1/sign-in/connectors/github`, (at) =>
          at.pathname.includes('/callback/'),
        )
    const stolen = (await upTo()).url.searchParams.get('code') ?? ''
    const browser = world.browser()
    const mine = await browser.open(`${world.gateway.publicUrl}/v1/sign-in/connectors/github`, (at) =>
      at.pathname.includes('/callback/'),
    )
    mine.url.searchParams.set('code', stolen)
    expect((await browser.open(mine.url.href)).status).toBe(502)
    expect(await world.who(browser)).toBeUndefined()
  })

  test('GitHub cannot be told to ask again, and this is said instead of believed', async () => {
    expect((await world.signIn('github', world.browser(), '?reauth=1')).status).toBe(502)
  })
})
