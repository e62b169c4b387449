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

/** A mapping that gives this user nothing, and the expression that found nothing. */
export interface EmptyMapping {
  readonly name: string
  readonly expression: Expression
}

/** What the attributes of one user at one service provider come to, faults included. */
export interface AttributeSurvey {
  /** In the order default, then custom; a custom mapping replaces a default of the same name. */
  readonly attributes: readonly Attribute[]
  readonly empty: readonly EmptyMapping[]
  /** Names of defaults that this service provider is never told. */
  readonly withheld: readonly string[]
  /** Why the user cannot be announced: any of these refuses the sign-in. */
  readonly problems: readonly GatewayError[]
}

type AttributeRules = Pick<ServiceProvider, 'name' | 'preset' | 'attributeMapping'>

/** Works the attributes out without refusing anything: for {@link buildAttributes} and for the test of a mapping. */
export function surveyAttributes(
  user: User,
  sp: AttributeRules,
  roles: readonly string[] = user.roles,
): AttributeSurvey {
  const problems: GatewayError[] = []
  const empty: EmptyMapping[] = []
  const custom = sp.attributeMapping.flatMap((mapping, index): Attribute[] => {
    const { name } = mapping
    try {
      const expression = compile(mapping, `${mappingField(index)} of "${sp.name}"`)
      const values = evaluate(expression, user).filter((value) => value !== '')
      if (values.length === 0) empty.push({ name, expression })
      return values.length === 0
        ? []
        : [{ name, nameFormat: attributeNameFormats[mapping.nameFormat], values }]
    } catch (error) {
      if (!isCode(error, 'INVALID_EXPRESSION')) throw error
      problems.push(error)
      return []
    }
  })
  const mapped = new Set(sp.attributeMapping.map(({ name }) => name))
  const nameFormat = attributeNameFormats.uri
  const defaults = [
    { name: uid, nameFormat, values: [user.name] },
    { name: eduPersonAffiliation, nameFormat, values: roles },
  ].filter(({ name, values }) => values.length > 0 && !mapped.has(name))
  const withheld = sp.preset === awsPreset && !mapped.has(eduPersonAffiliation) ? [eduPersonAffiliation] : []
  const attributes = [...defaults.filter(({ name }) => !withheld.includes(name)), ...custom]
  if (sp.preset === awsPreset) problems.push(...findAwsProblems(attributes, user, sp))
  return { attributes, empty, withheld, problems }
}

/**
 * The attributes for this user at this service provider; one without a value is left out.
 * @throws GatewayError `INVALID_EXPRESSION` or `INVALID_RESOURCE`, naming the mapping and the user.
 */
export function buildAttributes(
  user: User,
  sp: AttributeRules,
  roles: readonly string[] = user.roles,
): readonly Attribute[] {
  const { attributes, problems } = surveyAttributes(user, sp, roles)
  const [problem] = problems
  if (problem !== undefined) throw problem
  return attributes
}

function findAwsProblems(
  attributes: readonly Attribute[],
  user: User,
  sp: Pick<ServiceProvider, 'name'>,
): GatewayError[] {
  const { attributes: most } = awsAttributeLimits
  const seen = new Set<string>()
  return attributes.flatMap(({ name, values }): GatewayError[] => {
    const isRepeated = seen.has(name)
    seen.add(name)
    const problem = isRepeated
      ? 'AWS accepts each attribute once, this one is mapped twice'
      : seen.size > most
        ? `AWS accepts ${most} attributes at most, these are ${attributes.length}`
        : findAwsProblem(name, values)
    if (problem === undefined) return []
    const message = `the attribute "${name}" of service provider "${sp.name}" for user "${user.name}": ${problem}`
    const details = { attribute: name, serviceProvider: sp.name, user: user.name }
    return [new GatewayError('INVALID_RESOURCE', message, details)]
  })
}

function findAwsProblem(name: string, values: readonly string[]): string | undefined {
  if (values.length > 1) {
    return `AWS accepts one value, this gives ${values.length}; choose one, for example with ifelse()`
  }
  if (!name.startsWith(accessControlPrefix)) return undefined
  const keyProblem = awsKeyProblem(name.slice(accessControlPrefix.length))
  if (keyProblem !== undefined) return keyProblem
  const value = values[0] ?? ''
  const { valueLength } = awsAttributeLimits
  if (value.length > valueLength) {
    return `AWS accepts values of ${valueLength} characters at most, this has ${value.length}`
  }
  return awsTagText.test(value)
    ? undefined
    : 'AWS accepts letters, digits, spaces and _ . : / = + - @ in a value, this has others'
}

function awsKeyProblem(key: string): string | undefined {
  const most = awsAttributeLimits.keyLength
  if (key.length >= 1 && key.length <= most && awsTagText.test(key)) return undefined
  return `after "AccessControl:" AWS wants a key of 1 to ${most} letters, digits, spaces and _ . : / = + - @`
}
