/** @module The attributes of an assertion, and AWS's limits on them. */
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/error.js'
import {
  accessControlPrefix,
  assertAttributeMapping,
  awsAttributeLimits,
  buildAttributes,
} from '../../../src/core/saml/attributes.js'
import type { AttributeMapping, ServiceProvider } from '../../../src/core/saml/service-provider.js'
import { alice, aws } from './sample.js'

const uid = 'urn:oid:0.9.2342.19200300.100.1.1'
const affiliation = 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1'
const uri = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri'
const basic = 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic'
const other: ServiceProvider = { ...aws, name: 'wiki', preset: 'unspecified' }

function mapping(name: string, value: string): AttributeMapping {
  return { name, value, nameFormat: 'basic' }
}

function mapped(sp: ServiceProvider, ...attributeMapping: AttributeMapping[]): ServiceProvider {
  return { ...sp, attributeMapping }
}

function problem(act: () => unknown): { code: string; message: string } {
  try {
    act()
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('accepted')
}

describe('attributes', () => {
  test('are uid and the roles by default', () => {
    expect(buildAttributes(alice, other)).toEqual([
      { name: uid, nameFormat: uri, values: ['alice@example.com'] },
      { name: affiliation, nameFormat: uri, values: ['access', 'editor'] },
    ])
  })

  test('leave the multi-valued default out for AWS, which may refuse the whole sign-in over it', () => {
    expect(buildAttributes(alice, aws)).toEqual([
      { name: uid, nameFormat: uri, values: ['alice@example.com'] },
    ])
  })

  test('come from the mapping, in its order and formats, after the defaults', () => {
    const sp = mapped(
      other,
      mapping('team', 'user.spec.traits.team'),
      mapping('all', 'user.spec.traits.teams'),
    )
    expect(buildAttributes(alice, sp).slice(2)).toEqual([
      { name: 'team', nameFormat: basic, values: ['platform'] },
      { name: 'all', nameFormat: basic, values: ['a', 'b'] },
    ])
  })

  test('of a mapping replace a default of the same name, also by nothing', () => {
    const sp = mapped(other, mapping(uid, 'email.local(uid)'), mapping(affiliation, 'user.spec.traits.none'))
    expect(buildAttributes(alice, sp)).toEqual([{ name: uid, nameFormat: basic, values: ['alice'] }])
  })

  test('without a value are left out, and so are empty values', () => {
    const sp = mapped(other, mapping('none', 'user.spec.traits.none'), mapping('some', 'set("", "x")'))
    expect(buildAttributes(alice, sp).slice(2)).toEqual([{ name: 'some', nameFormat: basic, values: ['x'] }])
  })

  test('use the roles in force where they differ from the stored ones', () => {
    expect(buildAttributes(alice, other, ['access'])[1]?.values).toEqual(['access'])
  })

  test('name mapping, service provider and user where an expression cannot be computed', () => {
    const rich = { ...alice, traits: { big: ['x'.repeat(70_000)] } }
    const error = problem(() => buildAttributes(rich, mapped(other, mapping('b', 'user.spec.traits.big'))))
    expect(error.code).toBe('INVALID_EXPRESSION')
    expect(error.message).toContain('for user "alice@example.com": spec.attribute_mapping[0].value of "wiki"')
  })
})

describe("AWS's limits", () => {
  const key = (name: string) => `${accessControlPrefix}${name}`
  const accept = (...mappings: AttributeMapping[]) => buildAttributes(alice, mapped(aws, ...mappings))
  const refuse = (...mappings: AttributeMapping[]) => problem(() => accept(...mappings))

  test('accept attributes for access control from traits', () => {
    expect(accept(mapping(key('CostCenter'), 'user.spec.traits.costCenter')).at(-1)).toEqual({
      name: 'https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter',
      nameFormat: basic,
      values: ['cc-42'],
    })
  })

  test('refuse a second value, naming attribute, service provider and user', () => {
    expect(refuse(mapping(key('Team'), 'user.spec.traits.teams'))).toMatchObject({
      code: 'INVALID_RESOURCE',
      message:
        'the attribute "https://aws.amazon.com/SAML/Attributes/AccessControl:Team" of service provider "aws" for ' +
        'user "alice@example.com": AWS accepts one value, this gives 2; choose one, for example with ifelse()',
    })
    expect(refuse(mapping('groups', 'user.spec.roles')).message).toContain('AWS accepts one value')
  })

  test('refuse a 51st attribute and accept the 50th, uid counted', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => mapping(key(`k${i}`), 'uid'))
    expect(accept(...many(awsAttributeLimits.attributes - 1))).toHaveLength(50)
    expect(refuse(...many(awsAttributeLimits.attributes)).message).toContain(
      'AWS accepts 50 attributes at most, these are 51',
    )
  })

  test('refuse the same attribute twice', () => {
    expect(refuse(mapping(key('A'), 'uid'), mapping(key('A'), 'uid')).message).toContain(
      'AWS accepts each attribute once',
    )
  })

  test('refuse a value of 257 characters and accept one of 256', () => {
    const text = (length: number) => mapping(key('A'), `"${'x'.repeat(length)}"`)
    expect(accept(text(256))).toHaveLength(2)
    expect(refuse(text(257)).message).toContain('values of 256 characters at most, this has 257')
  })

  test('refuse characters that no session tag may have', () => {
    expect(accept(mapping(key('A'), '"Zürich: a/b+c=d_e.f-g@h"'))).toHaveLength(2)
    expect(refuse(mapping(key('A'), '"<b>x</b>"')).message).toContain('AWS accepts letters, digits, spaces')
  })

  test.each([[''], ['x'.repeat(129)], ['a<b'], ['a;b']])('refuse the key "%s"', (name) => {
    expect(refuse(mapping(key(name), 'uid')).message).toContain('AWS wants a key of 1 to 128 letters')
  })

  test('do not concern other service providers', () => {
    const sp = mapped(other, mapping(key(''), 'user.spec.traits.teams'))
    expect(buildAttributes(alice, sp)).toHaveLength(3)
  })
})

describe('a mapping that is written', () => {
  test('is accepted', () => {
    assertAttributeMapping([mapping('a', 'uid'), mapping('b', 'uid')], 'aws-identity-center')
  })

  test.each<[string, AttributeMapping[], string, string]>([
    [
      'is refused with a name twice',
      [mapping('a', 'uid'), mapping('a', 'uid')],
      'INVALID_RESOURCE',
      '[1].name: "a" is mapped twice',
    ],
    [
      'is refused without a name',
      [mapping('', 'uid')],
      'INVALID_RESOURCE',
      '[0].name: give the attribute a name',
    ],
    [
      'is refused with a line break in a name',
      [mapping('a\nb', 'uid')],
      'INVALID_RESOURCE',
      '[0].name: give the attribute',
    ],
    [
      'is refused with a bad expression',
      [mapping('a', 'uidd')],
      'INVALID_EXPRESSION',
      '[0].value: at character 1: "uidd" is unknown',
    ],
    [
      'is refused with a bad key for AWS',
      [mapping(accessControlPrefix, 'uid')],
      'INVALID_RESOURCE',
      '[0].name: after "AccessControl:"',
    ],
    [
      'is refused with 51 attributes for AWS',
      Array.from({ length: 51 }, (_, i) => mapping(`a${i}`, 'uid')),
      'INVALID_RESOURCE',
      'AWS accepts 50 attributes at most, this has 51',
    ],
  ])('%s', (_, mappings, code, message) => {
    const error = problem(() => {
      assertAttributeMapping(mappings, 'aws-identity-center')
    })
    expect(error.code).toBe(code)
    expect(error.message).toContain(message)
  })
})
