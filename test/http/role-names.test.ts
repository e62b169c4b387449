/** @module Account assignment roles are stored by ids and spoken of by name, wherever somebody reads them. */
import { expect, test } from 'vitest'
import type { TestAssertionAnswer } from '../../src/api/contract.js'
import { demoInventory } from '../support/inventory.js'
import { auditEvents, createPerson, role, signIn, signInAdmin, testResources } from '../support/people.js'
import { readPostedForm } from '../support/sp.js'
import { openTestGateway } from '../support/test-gateway.js'

const name = 'ReadOnlyAccess-on-production-555555555555'
const wiki = {
  kind: 'saml_idp_service_provider',
  version: 'v1',
  metadata: { name: 'wiki', labels: { tier: 'wiki' } },
  spec: { entity_id: 'https://wiki.example.com', acs_url: 'https://wiki.example.com/acs' },
}

test('in the answers on oneself and on people, in assertions and in audit events, never as ids', async () => {
  await using gateway = await openTestGateway({
    inventory: demoInventory(),
    resources: [...testResources, wiki, role('wiki', 'v8', { allow: { app_labels: { tier: 'wiki' } } })],
  })
  const admin = await signInAdmin(gateway)
  const dev = { name: 'dev@example.com', roles: ['wiki', name] }
  const browser = await signIn(gateway, await createPerson(gateway, admin, dev))
  const stored = await gateway.gateway.store.resources.find('user', dev.name)
  expect(JSON.stringify(stored?.document)).toContain('assignment/555555555555/arn:aws:sso')

  expect((await browser.get('/v1/session')).body).toMatchObject({ user: { roles: dev.roles } })
  expect((await browser.get('/v1/me')).body).toMatchObject({ roles: dev.roles })
  const people = (await admin.get('/v1/users')).body as { items: { name: string; roles: string[] }[] }
  expect(people.items.find((one) => one.name === dev.name)?.roles).toEqual(dev.roles)

  const tested = await admin.post('/v1/saml/test-assertion', { user: dev.name, serviceProvider: 'wiki' })
  const { attributes } = tested.body as TestAssertionAnswer
  expect(attributes.find((one) => one.name.endsWith('5923.1.1.1.1'))?.values).toEqual(dev.roles)
  const { xml } = readPostedForm((await browser.get('/saml/idp/login/wiki')).text)
  expect(xml).toContain(name)
  expect(xml).not.toContain('assignment/')

  const events = JSON.stringify(await auditEvents(gateway))
  expect(events).toContain(name)
  expect(events).not.toContain('assignment/')
})
