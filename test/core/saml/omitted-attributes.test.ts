/** @module Words for the attributes that a person does not get. */
import { expect, test } from 'vitest'
import { surveyAttributes } from '../../../src/core/saml/attributes.js'
import { describeOmitted } from '../../../src/core/saml/omitted-attributes.js'
import type { ServiceProvider } from '../../../src/core/saml/service-provider.js'
import { alice, aws } from './sample.js'

const affiliation = 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1'

function omitted(sp: Partial<ServiceProvider>, mappings: Readonly<Record<string, string>>, user = alice) {
  const attributeMapping = Object.entries(mappings).map(([name, value]) => ({
    name,
    value,
    nameFormat: 'basic' as const,
  }))
  return describeOmitted(surveyAttributes(user, { ...aws, ...sp, attributeMapping }), user)
}
const wiki = { preset: 'unspecified' }

test('a mapping without a value names the traits that the person lacks', () => {
  expect(omitted(wiki, { team: 'user.spec.traits.team' })).toEqual([])
  expect(
    omitted(wiki, { cost: 'user.spec.traits.cost', both: 'union(user.spec.traits.a, user.spec.traits.b)' }),
  ).toEqual([
    { name: 'cost', says: '"alice@example.com" has no trait "cost", which user.spec.traits.cost asks for.' },
    {
      name: 'both',
      says: '"alice@example.com" has no trait "a", "b", which union(user.spec.traits.a, user.spec.traits.b) asks for.',
    },
  ])
})

test('a trait whose values are all empty counts as missing', () => {
  const user = { ...alice, traits: { cost: [''] } }
  expect(omitted(wiki, { cost: 'user.spec.traits.cost' }, user)[0]?.says).toMatch(/has no trait "cost"/)
})

test('a mapping that yields nothing for another reason says so', () => {
  expect(omitted(wiki, { none: 'user.spec.traits.team.remove("platform")' })).toEqual([
    {
      name: 'none',
      says: 'user.spec.traits.team.remove("platform") gives no value for "alice@example.com".',
    },
  ])
})

test('AWS is not told the roles, and that is said; a mapping of the same name takes the place of the default', () => {
  expect(omitted({}, {}).map(({ name }) => name)).toEqual([affiliation])
  expect(omitted({}, { [affiliation]: '"one"' })).toEqual([])
  expect(omitted(wiki, {})).toEqual([])
})

test('every problem of the attributes is found, not the first alone', () => {
  const mapping = (name: string, value: string) => ({ name, value, nameFormat: 'basic' as const })
  const long = { ...alice, traits: { ...alice.traits, long: ['x'.repeat(257)] } }
  const { problems, attributes } = surveyAttributes(long, {
    ...aws,
    attributeMapping: [
      mapping('many', 'user.spec.traits.teams'),
      mapping('https://aws.amazon.com/SAML/Attributes/AccessControl:Long', 'user.spec.traits.long'),
    ],
  })
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringMatching(/"many".*AWS accepts one value, this gives 2/),
    expect.stringMatching(/AccessControl:Long".*256 characters at most, this has 257/),
  ])
  expect(attributes).toHaveLength(3)
})
