import { describe, expect, test } from 'vitest'
import { readJsonDocuments } from '../../../src/api/resource/documents.js'
import { foldName } from '../../../src/core/user/user.js'
import { firstAdminLink } from '../../../src/service/people/first-admin.js'
import { createInvite } from '../../../src/service/people/links.js'
import { bootstrapResources } from '../../../src/service/resources/bootstrap.js'
import { parseDocuments } from '../../../src/service/resources/parse-documents.js'
import { alice, desk, openHouse, refusal, type House } from './house.js'

const alike = ['Alice@example.com', 'ALICE@EXAMPLE.COM', '\uff41lice@example.com', 'al\u0131ce@example.com']
const apart = ['alice@example.org', 'a.lice@example.com', '\u00e1lice@example.com']

const invite = (house: House, name: string) =>
  createInvite(house.deps, { name, roles: ['access'] }, 'admin', desk)
const document = (name: string) => ({ kind: 'user', version: 'v2', metadata: { name }, spec: {} })
const bootstrap = (house: House, ...names: string[]) =>
  bootstrapResources(house.deps, parseDocuments(house.deps.kinds, readJsonDocuments(names.map(document))))

describe('a new user whose name looks like that of another', () => {
  test.each(alike)('%s cannot be invited beside alice', async (name) => {
    await using house = await openHouse()
    await house.putRole('access')
    await invite(house, alice)
    expect(await refusal(invite(house, name), 'ALREADY_EXISTS')).toBe(
      `the name "${name}" looks like that of the user "${alice}": they differ in case or in the form of letters alone; use that user, or choose another name`,
    )
    expect(await house.deps.catalog.user(name)).toBeUndefined()
  })

  test.each(apart)('%s can', async (name) => {
    await using house = await openHouse()
    await house.putRole('access')
    await invite(house, alice)
    expect((await invite(house, name)).user).toBe(name)
  })

  test('the very same name is refused as before', async () => {
    await using house = await openHouse()
    await house.putRole('access')
    await invite(house, alice)
    expect(await refusal(invite(house, alice), 'ALREADY_EXISTS')).not.toContain('looks like')
  })

  test('two of them invited at once are one user', async () => {
    await using house = await openHouse()
    await house.putRole('access')
    const answers = await Promise.allSettled(alike.slice(0, 2).map((name) => invite(house, name)))
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('a bootstrap file cannot bring it, be the other stored or in the same file', async () => {
    await using house = await openHouse()
    expect(await refusal(bootstrap(house, alice, 'Alice@example.com'), 'ALREADY_EXISTS')).toContain(
      `looks like that of the user "${alice}"`,
    )
    expect(await house.deps.catalog.user(alice)).toBeUndefined()
    await bootstrap(house, alice)
    await refusal(bootstrap(house, 'Alice@example.com'), 'ALREADY_EXISTS')
    expect((await bootstrap(house, alice, 'bob')).created).toEqual(['user/bob'])
  })

  test('nor can the first administrator', async () => {
    await using house = await openHouse()
    await house.putUser('Admin', { roles: [] })
    expect(await refusal(firstAdminLink(house.deps), 'ALREADY_EXISTS')).toContain('the user "Admin"')
  })
})

test('one fold for all spellings, which folds to itself', () => {
  for (const [one, other] of [
    ['stra\u00dfe', 'STRASSE'],
    ['\u03bf\u03b4\u03cc\u03c2', '\u03bf\u03b4\u03cc\u03c3'],
    ['\ufb01n', 'FIN'],
    ['\u212aelvin', 'kelvin'],
  ] as const) {
    expect(foldName(one)).toBe(foldName(other))
    expect(foldName(foldName(one))).toBe(foldName(one))
  }
})
