/**
 * @module Policy documents from text, strictly: every element is known, has its type, and can be judged.
 * Messages are IAM's where IAM's are known.
 */
import { prepareCondition, type Condition } from './condition.js'
import { checkConditionKey } from './known-keys.js'
import { parsePrincipals } from './parse-principals.js'
import type { Patterns, Policy, Statement } from './policy.js'
import { PolicyError } from './policy-error.js'
import { objectOf, optionalText, textsOf, type JsonObject } from './policy-json.js'

/** `identity`: says what its holder may do. `trust`: says who may take on the role that has it. */
export type PolicyKind = 'identity' | 'trust'

/** @throws PolicyError that says what cannot be read, or is not emulated */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  const document = objectOf(parseJson(text), 'the document')
  const { Version: version = '2008-10-17' } = document
  checkElements(document, ['Version', 'Id', 'Statement'])
  if (version !== '2012-10-17' && version !== '2008-10-17') throw new PolicyError('Syntax errors in policy.')
  optionalText(document, 'Id')
  const { Statement: given } = document
  const list: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (given === undefined || list.length === 0) {
    throw new PolicyError('Syntax errors in policy: Statement is missing.')
  }
  const hasVariables = version === '2012-10-17'
  const sids = new Set<string>()
  const statements = list.map((item) => {
    const statement = objectOf(item, 'Statement')
    const sid = optionalText(statement, 'Sid')
    if (sid !== undefined && kind === 'identity' && !/^[A-Za-z0-9]*$/.test(sid)) {
      throw new PolicyError(`Statement IDs (SID) must be alpha-numeric: "${sid}".`)
    }
    if (sid !== undefined && sids.has(sid)) {
      throw new PolicyError('Statement IDs (SID) in a single policy must be unique.')
    }
    if (sid !== undefined && sid !== '') sids.add(sid)
    return parseStatement(statement, kind, hasVariables)
  })
  return { statements }
}

function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new PolicyError('This policy contains invalid Json')
  }
  refuseDuplicateKeys(text)
  return value
}

/** `JSON.parse` takes the last of two equal keys, so that a Deny could vanish. The text is known to be JSON. */
function refuseDuplicateKeys(text: string): void {
  const open: Set<unknown>[] = []
  for (const [token, colon] of text.matchAll(/[{}[\]]|"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) {
    if (token === '{' || token === '[') open.push(new Set())
    else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) {
      const key: unknown = JSON.parse(token.slice(0, -colon.length))
      if (open.at(-1)?.has(key) === true) {
        throw new PolicyError(`Syntax errors in policy: ${String(key).slice(0, 64)} is there twice.`)
      }
      open.at(-1)?.add(key)
    }
  }
}

const elements = ['Sid', 'Effect', 'Action', 'NotAction', 'Condition']
const elementsOf = {
  identity: [...elements, 'Resource', 'NotResource'],
  trust: [...elements, 'Principal'],
} as const

function parseStatement(statement: JsonObject, kind: PolicyKind, hasVariables: boolean): Statement {
  for (const name of kind === 'identity' ? ['Principal', 'NotPrincipal'] : ['Resource', 'NotResource']) {
    if (Object.hasOwn(statement, name)) throw new PolicyError(`Has prohibited field ${name}`)
  }
  if (Object.hasOwn(statement, 'NotPrincipal')) throw new PolicyError('NotPrincipal is not emulated.')
  checkElements(statement, elementsOf[kind])
  const effect = statement['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new PolicyError('Syntax errors in policy: Effect is neither Allow nor Deny.')
  }
  const actions = parsePatterns(statement, 'Action', 'Policy statement must contain actions.')
  actions.patterns.forEach(checkAction)
  return {
    effect,
    actions: { ...actions, patterns: actions.patterns.map((pattern) => pattern.toLowerCase()) },
    resources: kind === 'identity' ? parseResources(statement, hasVariables) : undefined,
    principals: kind === 'trust' ? parsePrincipals(statement['Principal']) : undefined,
    conditions: parseConditions(statement['Condition'], kind, hasVariables),
  }
}

function checkAction(pattern: string): void {
  if (pattern === '*') return
  if (!/^[A-Za-z0-9-]+:/.test(pattern)) {
    throw new PolicyError('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.')
  }
  if (!/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(pattern)) {
    throw new PolicyError(`Action "${pattern}" is not of the form vendor:Name.`)
  }
}

function parseResources(statement: JsonObject, hasVariables: boolean): Patterns {
  const resources = parsePatterns(statement, 'Resource', 'Policy statement must contain resources.')
  for (const pattern of resources.patterns) {
    if (pattern !== '*' && !pattern.startsWith('arn:')) {
      throw new PolicyError(`Resource ${pattern} must be in ARN format or "*".`)
    }
    refuseVariables(pattern, hasVariables)
  }
  return resources
}

function parsePatterns(statement: JsonObject, name: 'Action' | 'Resource', missing: string): Patterns {
  const plain = statement[name]
  const not = statement[`Not${name}`]
  if (plain !== undefined && not !== undefined) {
    throw new PolicyError(`Syntax errors in policy: ${name} and Not${name} exclude each other.`)
  }
  const patterns = textsOf(plain ?? not ?? [], name)
  if (patterns.length === 0) throw new PolicyError(missing)
  return { except: plain === undefined, patterns }
}

function parseConditions(given: unknown, kind: PolicyKind, hasVariables: boolean): readonly Condition[] {
  if (given === undefined) return []
  return Object.entries(objectOf(given, 'Condition')).flatMap(([operator, keys]) =>
    Object.entries(objectOf(keys, operator)).map(([key, value]) => {
      checkConditionKey(key, kind)
      const values = conditionValues(value, key)
      for (const text of values) refuseVariables(text, hasVariables)
      return prepareCondition(operator, key, values)
    }),
  )
}

/** Numbers and booleans may stand without quotes here, and only here. */
function conditionValues(value: unknown, key: string): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (values.length === 0) throw new PolicyError(`Syntax errors in policy: ${key} has no value.`)
  return values.map((item) => {
    if (typeof item === 'string') return item
    if (typeof item === 'number' || typeof item === 'boolean') return String(item)
    throw new PolicyError(`Syntax errors in policy: a value of ${key} is not text.`)
  })
}

/** Only the newer version knows variables; in the older one `${` is plain text. */
function refuseVariables(text: string, hasVariables: boolean): void {
  if (hasVariables && text.includes('${')) {
    throw new PolicyError(`Policy variables are not emulated: "${text}".`)
  }
}

function checkElements(given: JsonObject, known: readonly string[]): void {
  const other = Object.keys(given).find((name) => !known.includes(name))
  if (other !== undefined) throw new PolicyError(`Syntax errors in policy: the element ${other} is unknown.`)
}
