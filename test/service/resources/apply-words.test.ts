/** What people are told of documents beside what was done: all that is wrong at once, and the nearest names. */
import { expect, test } from 'vitest'
import { openWorld, refused, role, sp, token, user } from './world.js'

test('what only the whole can tell is told beside what is wrong with the form, and nothing is kept', async () => {
  const world = await openWorld()
  await world.apply([user('alice')])
  const before = await world.traces()
  const far = token('ci', { roles: [], expires: '2036-01-01T00:00:00Z' })
  const error = await refused(world.apply([user('bob', { wrong: 1 }), user('Alice'), far, role('fine')]))
  const problems = error.details['problems'] as { source: string; path: string; message: string }[]
  expect(problems.map(({ source, path }) => [source, path])).toEqual([
    ['document 1', 'spec.wrong'],
    ['document 2', ''],
    ['document 3', 'spec.expires'],
  ])
  expect(problems[2]?.message).toMatch(/^is more than a year ahead/)
  expect(await world.traces()).toEqual(before)
})

test('a role that does not exist is told with the nearest name, to whoever may list roles', async () => {
  const world = await openWorld()
  const rights = (resource: string, verbs: string[]) => ({ resources: [resource], verbs })
  await world.apply([
    role('editor'),
    role('people', { allow: { rules: [rights('user', ['create']), rights('role', ['list'])] } }),
    role('blind', { allow: { rules: [rights('user', ['create'])] } }),
    user('ada', { roles: ['people'] }),
    user('bea', { roles: ['blind'] }),
  ])
  const [seen] = await world.apply([user('x', { roles: ['editr'] })], { by: await world.person('ada') })
  expect(seen?.notes).toEqual([
    'There is no role "editr" (did you mean editor?); it gives nothing until there is one.',
  ])
  const [hidden] = await world.apply([user('y', { roles: ['editr'] })], { by: await world.person('bea') })
  expect(hidden?.notes).toEqual(['There is no role "editr"; it gives nothing until there is one.'])
})

test('the list of service providers shows the first address, and how many more there are', async () => {
  const world = await openWorld()
  const acs = (at: number) =>
    `<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.com/acs/${at}" index="${at}"/>`
  const metadata = (count: number) =>
    '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:many"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">' +
    `${[...Array(count).keys()].map(acs).join('')}</md:SPSSODescriptor></md:EntityDescriptor>`
  const kind = world.deps.kinds.known.saml_idp_service_provider
  const shown = async (count: number) => {
    const { value } = kind.parse({ ...sp('many', ''), spec: { entity_descriptor: metadata(count) } })
    return kind.columns.find(({ key }) => key === 'acs_url')?.of(value, await world.deps.catalog.read())
  }
  expect(await shown(3)).toBe('https://sp.example.com/acs/0 +2')
  expect(await shown(1)).toBe('https://sp.example.com/acs/0')
})
