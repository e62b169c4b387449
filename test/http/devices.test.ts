/** Enrolment of devices over HTTP: tokens that are not good, rights, and names that come again. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { minute } from '../../src/core/time.js'
import { addDevice, commandLineOf, enrolledDevice, enrollToken, TestDevice } from '../support/device.js'
import {
  auditEvents,
  createPerson,
  signIn,
  signInAdmin,
  type TestBrowser,
  testResources,
} from '../support/people.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let admin: TestBrowser
beforeAll(async () => {
  gateway = await openTestGateway({ resources: [...testResources, spResource()] })
  admin = await signInAdmin(gateway)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

let count = 0
async function someone() {
  const name = `person-${++count}@example.com`
  const person = await createPerson(gateway, admin, { name, roles: ['aws-device'] })
  return { person, browser: await signIn(gateway, person) }
}
const codeOf = ({ body }: { body: unknown }): string => (body as { code: string }).code

describe('nothing is enrolled by', () => {
  test('an enrolment token that is unknown, used, expired, replaced or for somebody else', async () => {
    const { person, browser } = await someone()
    const bearer = await commandLineOf(gateway, browser)
    const { name } = await addDevice(admin)
    const device = new TestDevice(gateway, { bearer, user: person.name, name })
    expect(codeOf(await device.enroll('ghd_' + 'x'.repeat(43)))).toBe('DEVICE_TOKEN_INVALID')
    const replaced = await enrollToken(admin, name)
    const token = await enrollToken(admin, name)
    expect(codeOf(await device.enroll(replaced))).toBe('DEVICE_TOKEN_INVALID')
    expect((await device.enroll(token)).status).toBe(200)
    expect(codeOf(await device.enroll(token))).toBe('DEVICE_TOKEN_INVALID')
    const old = await enrollToken(admin, name)
    gateway.clock.advance(60 * minute)
    const late = await signIn(gateway, person)
    const fresh = new TestDevice(gateway, {
      bearer: await commandLineOf(gateway, late),
      user: person.name,
      name,
    })
    expect(codeOf(await fresh.enroll(old))).toBe('DEVICE_TOKEN_INVALID')
    const owned = await addDevice(admin, { owner: 'somebody@example.com' })
    const theirs = new TestDevice(gateway, {
      bearer: await commandLineOf(gateway, late),
      user: person.name,
      name: owned.name,
    })
    expect(codeOf(await theirs.enroll(await enrollToken(admin, owned.name)))).toBe('DEVICE_REFUSED')
    const played = await late.post('/v1/devices/enroll/inspect', { token: await enrollToken(admin, name) })
    expect(codeOf(played)).toBe('FORBIDDEN')
  })

  test('a token that somebody without the right asks for', async () => {
    const { browser } = await someone()
    const { name } = await addDevice(admin)
    expect(codeOf(await browser.post(`/v1/devices/${name}/enroll-token`, {}))).toBe('FORBIDDEN')
    expect(codeOf(await browser.get('/v1/devices'))).toBe('FORBIDDEN')
  })
})

test('whoever gets a name later inherits no device (T7)', async () => {
  const one = await someone()
  await enrolledDevice(gateway, admin, one)
  await admin.send('delete', `/v1/resources/user/${one.person.name}`, {}, { 'if-match': '*' })
  const next = await createPerson(gateway, admin, { name: one.person.name, roles: ['aws-device'] })
  const browser = await signIn(gateway, next)
  expect((await browser.get('/saml/idp/login/aws-identity-center')).status).toBe(403)
  expect((await browser.get('/v1/me/devices')).body).toEqual({ items: [] })
})

test('lists tell the state of each device, and the events who did what', async () => {
  const one = await someone()
  const { name, assetTag } = await addDevice(admin)
  const stateOf = async () => {
    const { items } = (await admin.get('/v1/devices')).body as { items: { name: string; state: string }[] }
    return items.find((item) => item.name === name)
  }
  expect(await stateOf()).toMatchObject({ assetTag, state: 'not_enrolled' })
  const token = await enrollToken(admin, name)
  expect(await stateOf()).toMatchObject({ state: 'waiting' })
  const bearer = await commandLineOf(gateway, one.browser)
  const device = new TestDevice(gateway, { bearer, user: one.person.name, name })
  expect((await device.enroll(token, 'key_store')).status).toBe(200)
  const enrolled = { state: 'enrolled', enrolledBy: one.person.name, assurance: 'key_store' }
  expect(await stateOf()).toMatchObject(enrolled)
  expect((await one.browser.get('/v1/me/devices')).body).toMatchObject({ items: [{ name, ...enrolled }] })
  const taken = { kind: 'device', version: 'v1', metadata: { name: 'twin' } }
  const twin = { ...taken, spec: { os_type: 'ios', asset_tag: assetTag.toLowerCase() } }
  expect(codeOf(await admin.post('/v1/resources', twin))).toBe('ALREADY_EXISTS')
  const [event] = await auditEvents(gateway, { type: 'device.token.create' })
  expect(event).toMatchObject({ code: 'TV003I', user: 'admin', asset_tag: assetTag })
})
