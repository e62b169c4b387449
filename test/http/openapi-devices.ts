/** @module The calls of `openapi.test.ts` that are about devices: each answers what it is told to be judged by. */
import type supertest from 'supertest'
import { confirmationStatement } from '../../src/core/device/statement.js'
import { addDevice, commandLineOf, enrolledDevice, enrollToken, TestDevice } from '../support/device.js'
import type { AskedChallenge } from '../support/device.js'
import { role, signIn, type TestBrowser, type TestPerson } from '../support/people.js'
import { authnRequest, awsLabels, redirectPath } from '../support/sp.js'
import type { TestGateway } from '../support/test-gateway.js'

/** By the name of the route. */
export function deviceCalls(
  gateway: () => TestGateway,
  admin: () => TestBrowser,
  join: (role: string) => Promise<TestPerson>,
): Record<string, () => Promise<supertest.Response>> {
  /** Somebody whose sign-in to AWS waits for a device, which may vouch and need not. */
  const waiting = async () => {
    const options = { allow: { app_labels: awsLabels }, options: { device_trust_mode: 'optional' } }
    await admin().post('/v1/resources?mode=replace', role('aws-optional', 'v8', options) as object)
    const person = await join('aws-optional')
    const browser = await signIn(gateway(), person)
    const device = await enrolledDevice(gateway(), admin(), { person, browser })
    const { xml } = authnRequest({ issueInstant: new Date(gateway().clock.now()).toISOString() })
    const kept = await browser.get(redirectPath(xml))
    const step = await browser.get(String(kept.headers['location']))
    const handle = /handle=([\w-]+)/.exec(String(step.headers['location']))?.[1] ?? ''
    return { browser, device, handle }
  }
  const asked = async () => {
    const one = await waiting()
    const response = await one.browser.post('/v1/device-steps/ask', { handle: one.handle, way: 'code' })
    return { ...one, response, key: { code: (response.body as { code: string }).code } }
  }
  const unenrolled = async () => {
    const person = await join('aws')
    const browser = await signIn(gateway(), person)
    const { name } = await addDevice(admin())
    const bearer = await commandLineOf(gateway(), browser)
    const device = new TestDevice(gateway(), { bearer, user: person.name, name })
    return { device, token: await enrollToken(admin(), name) }
  }
  return {
    'GET /v1/me/devices': async () => await (await waiting()).browser.get('/v1/me/devices'),
    'POST /v1/devices/:name/enroll-token': async () =>
      await admin().post(`/v1/devices/${(await addDevice(admin())).name}/enroll-token`, {}),
    'POST /v1/devices/enroll/inspect': async () => {
      const { device, token } = await unenrolled()
      return await device.post('/v1/devices/enroll/inspect', { token })
    },
    'POST /v1/devices/enroll': async () => {
      const { device, token } = await unenrolled()
      return await device.enroll(token)
    },
    'GET /v1/device-steps/:handle': async () => {
      const { browser, handle } = await asked()
      return await browser.get(`/v1/device-steps/${handle}`)
    },
    'POST /v1/device-steps/ask': async () => (await asked()).response,
    'POST /v1/device-steps/go-without': async () => {
      const { browser, handle } = await waiting()
      return await browser.post('/v1/device-steps/go-without', { handle })
    },
    'POST /v1/device-challenges/inspect': async () => {
      const { device, key } = await asked()
      return await device.post('/v1/device-challenges/inspect', { key })
    },
    'POST /v1/device-challenges/sign': async () => {
      const { device, key } = await asked()
      const { body } = await device.post('/v1/device-challenges/inspect', { key })
      const facts = { ...(body as AskedChallenge), gateway: gateway().publicUrl, device: device.name }
      const signature = device.signText(confirmationStatement(facts))
      return await device.post('/v1/device-challenges/sign', { key, device: device.name, signature })
    },
    'POST /v1/device-challenges/refuse': async () => {
      const { device, key } = await asked()
      return await device.post('/v1/device-challenges/refuse', { key })
    },
  }
}
