/**
 * @module The attributes of an assertion: the two defaults, then `attribute_mapping`, then AWS's own limits. Only
 * administrators and connectors set roles and traits, so nothing here can be chosen by the person it is said of.
 *
 * AWS IAM Identity Center (preset `aws-identity-center`): with attributes for access control switched on there, which
 * we cannot see, it fails any sign-in whose assertion has a multi-valued or a repeated attribute or more than 50; with
 * it switched off it reads none. So for that preset the multi-valued default `eduPersonAffiliation` is left out, and
 * every attribute is held to those limits.
 */
import { GatewayError, isCode } from '../error.js'
import { evaluateExpression } from '../expression/evaluate.js'
import type { Expression } from '../expression/expression.js'
import { parseExpression } from '../expression/parse.js'
import type { User } from '../user/user.js'
import type { AttributeMapping, ServiceProvider } from './service-provider.js'
import { attributeNameFormats } from './urns.js'

/** One attribute as the assertion says it; `nameFormat` is a full URN. */
export interface Attribute {
  readonly name: string
  readonly nameFormat: string
  readonly values: readonly string[]
}

export const awsPreset = 'aws-identity-center'
export const accessControlPrefix = 'https://aws.amazon.com/SAML/Attributes/AccessControl:'

const uid = 'urn:oid:0.9.2342.19200300.100.1.1'
const eduPersonAffiliation = 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1'

/** Limits of attributes for access control; keys and values become session tags of AWS STS. */
export const awsAttributeLimits = { attributes: 50, keyLength: 128, valueLength: 256 } as const
const awsTagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Where the value of the `index`-th mapping stands in the resource, for messages. */
export function mappingField(index: number): string {
  return `spec.attribute_mapping[${index}].value`
}

/**
 * Checks the mappings of a service provider when it is written, for everything that does not depend on the user.
 * @throws GatewayError `INVALID_EXPRESSION` or `INVALID_RESOURCE`.
 */
export function assertAttributeMapping(mappings: readonly AttributeMapping[], preset: string): void {
  const names = new Set<string>()
  for (const [index, { name, value }] of mappings.entries()) {
    const field = `spec.attribute_mapping[${index}].name`
    const refuse = (problem: string): never => {
      throw new GatewayError('INVALID_RESOURCE', `${field}: ${problem}`, { field })
    }
    if (name === '' || /\p{Cc}/u.test(name)) refuse('give the attribute a name of printable characters')
    if (names.has(name)) refuse(`"${name}" is mapped twice; keep one mapping for each attribute`)
    names.add(name)
    if (preset === awsPreset && name.startsWith(accessControlPrefix)) {
      const problem = awsKeyProblem(name.slice(accessControlPrefix.length))
      if (problem !== undefined) refuse(problem)
    }
    parseExpression(value, mappingField(index))
  }
  if (preset === awsPreset && mappings.length > awsAttributeLimits.attributes) {
    throw new GatewayError(
      'INVALID_RESOURCE',
      `spec.attribute_mapping: AWS accepts ${awsAttributeLimits.attributes} attributes at most, ` +
        `this has ${mappings.length}; remove some`,
    )
  }
}

/** A mapping is parsed once, not at each sign-in; it lives as long as its service provider. */
const compiled = new WeakMap<AttributeMapping, Expression>()

function compile(mapping: AttributeMapping, field: string): Expression {
  const known = compiled.get(mapping)
  if (known !== undefined) return known
  const expression = parseExpression(mapping.value, field)
  compiled.set(mapping, expression)
  return expression
}

/** @throws GatewayError `INVALID_EXPRESSION` that names the user too. */
function evaluate(expression: Expression, user: User): readonly string[] {
  try {
    return evaluateExpression(expression, { user })
  } catch (error) {
    if (!isCode(error, 'INVALID_EXPRESSION')) throw error
    throw new GatewayError(error.code, `for user "${user.name}": ${error.message}`, error.details, {
      cause: error,
    })
  }
}

/**
 * The attributes for this user at this service provider, in the order default, then custom; a custom mapping replaces
 * a default of the same name, and an attribute without a value is left out.
 * @throws GatewayError `INVALID_EXPRESSION` or `INVALID_RESOURCE`, naming the mapping and the user.
 */
export function buildAttributes(
  user: User,
  sp: Pick<ServiceProvider, 'name' | 'preset' | 'attributeMapping'>,
  roles: readonly string[] = user.roles,
): readonly Attribute[] {
  const custom = sp.attributeMapping.map((mapping, index) => {
    const values = evaluate(compile(mapping, `${mappingField(index)} of "${sp.name}"`), user)
    return {
      name: mapping.name,
      nameFormat: attributeNameFormats[mapping.nameFormat],
      values: values.filter((value) => value !== ''),
    }
  })
  const nameFormat = attributeNameFormats.uri
  const defaults: Attribute[] = [{ name: uid, nameFormat, values: [user.name] }]
  if (sp.preset !== awsPreset) defaults.push({ name: eduPersonAffiliation, nameFormat, values: roles })

  const mapped = new Set(custom.map(({ name }) => name))
  const attributes = [...defaults.filter(({ name }) => !mapped.has(name)), ...custom].filter(
    ({ values }) => values.length > 0,
  )
  if (sp.preset === awsPreset) assertAwsLimits(attributes, user, sp)
  return attributes
}

function assertAwsLimits(
  attributes: readonly Attribute[],
  user: User,
  sp: Pick<ServiceProvider, 'name'>,
): void {
  const refuse = (attribute: string, problem: string): never => {
    throw new GatewayError(
      'INVALID_RESOURCE',
      `the attribute "${attribute}" of service provider "${sp.name}" for user "${user.name}": ${problem}`,
      { attribute, serviceProvider: sp.name, user: user.name },
    )
  }
  const { attributes: most, valueLength } = awsAttributeLimits
  const seen = new Set<string>()
  for (const { name, values } of attributes) {
    if (seen.has(name)) refuse(name, 'AWS accepts each attribute once, this one is mapped twice')
    seen.add(name)
    if (seen.size > most) {
      refuse(name, `AWS accepts ${most} attributes at most, these are ${attributes.length}`)
    }
    if (values.length > 1) {
      const problem = `AWS accepts one value, this gives ${values.length}; choose one, for example with ifelse()`
      refuse(name, problem)
    }
    if (!name.startsWith(accessControlPrefix)) continue
    const keyProblem = awsKeyProblem(name.slice(accessControlPrefix.length))
    if (keyProblem !== undefined) refuse(name, keyProblem)
    const value = values[0] ?? ''
    if (value.length > valueLength) {
      refuse(name, `AWS accepts values of ${valueLength} characters at most, this has ${value.length}`)
    }
    if (!awsTagText.test(value)) {
      refuse(name, 'AWS accepts letters, digits, spaces and _ . : / = + - @ in a value, this has others')
    }
  }
}

function awsKeyProblem(key: string): string | undefined {
  const most = awsAttributeLimits.keyLength
  if (key.length >= 1 && key.length <= most && awsTagText.test(key)) return undefined
  return `after "AccessControl:" AWS wants a key of 1 to ${most} letters, digits, spaces and _ . : / = + - @`
}
