/** `gatehouse users reset` as a process: the way back for an administrator who lost phone and password. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import supertest from 'supertest'
import { createPerson, signInAdmin, TestBrowser } from '../support/people.js'
import type { TestGateway } from '../support/test-gateway.js'
import { gatehouse, openForCli } from './support.js'

let dataDir: string
let gateway: TestGateway
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-cli-users-'))
  gateway = await openForCli(dataDir)
  const admin = await signInAdmin(gateway)
  await createPerson(gateway, admin, { name: 'eve@example.com', roles: ['editor'], totp: true })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true, force: true })
})

const tokenIn = (out: string): string => /\/reset[/#]([\w-]{43})\n/.exec(out)?.[1] ?? ''
const inspect = async (token: string) =>
  (await supertest(gateway.url).post('/v1/links/inspect').send({ token })).body as unknown

describe('users reset', () => {
  test('prints a link and its end; with factors kept it offers no new one', async () => {
    const { code, out, err } = await gatehouse(dataDir, ['users', 'reset', 'eve@example.com'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('sets the password of eve@example.com')
    expect(out).toContain('It is good until 2026-03-01T17:00:')
    const view = await inspect(tokenIn(out))
    expect(view).toMatchObject({ kind: 'reset', user: 'eve@example.com' })
    expect(view).not.toHaveProperty('totp')
  })

  test('--forget-factors: the link enrols a new phone, and the new password opens the door', async () => {
    const { out } = await gatehouse(dataDir, ['users', 'reset', 'eve@example.com', '--forget-factors'])
    const token = tokenIn(out)
    expect(await inspect(token)).toMatchObject({ totp: { secret: expect.stringMatching(/^[A-Z2-7]+$/) } })
    const password = 'an even longer password'
    const redeemed = await supertest(gateway.url).post('/v1/links/redeem').send({ token, password })
    expect(redeemed.status).toBe(200)
    const signedIn = await new TestBrowser(gateway).post('/v1/sign-in', { user: 'eve@example.com', password })
    expect(signedIn.status).toBe(200)
    await gateway.gateway.sequencer.flush()
    const { out: log } = await gatehouse(dataDir, ['audit', 'ls', '--user', 'operator', '--json'])
    expect(log).toContain('"event":"mfa.delete"')
    expect(log).toContain('"event":"reset_password_token.create"')
    expect(log).not.toContain(token)
  })

  test('a name that does not exist is told, with exit 1', async () => {
    const { code, out, err } = await gatehouse(dataDir, ['users', 'reset', 'nobody@example.com'])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('there is no user named "nobody@example.com"')
  })

  test("a token that is not the operator's is refused", async () => {
    const env = { GATEHOUSE_URL: gateway.url, GATEHOUSE_TOKEN: 'a'.repeat(43) }
    const { code, err } = await gatehouse(dataDir, ['users', 'reset', 'eve@example.com'], env)
    expect(code).toBe(1)
    expect(err).toContain('sign in first')
  })
})
