/**
 * @module Generated roles, people, applications and resources. Each expression is made together with what it means, so
 * that the reference needs no parser and shares none.
 */
import fc from 'fast-check'
import type { AccountAssignmentMatcher, LabelSelector, Role } from '../../../src/core/role/role.js'
import { hour, minute } from '../../../src/core/time.js'
import { buildRole, type RuleParts } from './build.js'
import type { Facts, Meaning, ResourceFacts } from './reference.js'

/** Filled while roles are generated. */
export const meanings = new Map<string, Meaning>()

interface Written {
  readonly text: string
  readonly means: Meaning
}

const keys = ['env', 'team', 'site']
const words = ['prod', 'test', 'sre', 'x-ber1']

/** A set of texts, as text of the language and as a function. */
interface Values {
  readonly text: string
  readonly of: (facts: Facts) => readonly string[]
}

const personValues: readonly Values[] = [
  { text: 'user.spec.traits["team"]', of: ({ user }) => user.traits['team'] ?? [] },
  { text: 'user.spec.traits.site', of: ({ user }) => user.traits['site'] ?? [] },
  { text: 'user.spec.roles', of: ({ user }) => user.roles },
  { text: 'user.metadata.name', of: ({ user }) => [user.name] },
]
const labelValues: readonly Values[] = [
  { text: 'labels["env"]', of: ({ labels }) => list(labels['env']) },
  { text: 'labels.team', of: ({ labels }) => list(labels['team']) },
  { text: 'labels["gone"]', of: () => [] },
]
const resourceValues: readonly Values[] = [
  { text: 'resource.metadata.name', of: ({ resource }) => list(resource?.name) },
  { text: 'resource.metadata.labels["team"]', of: ({ resource }) => list(resource?.labels['team']) },
  { text: 'resource.spec.owners', of: ({ resource }) => resource?.owners ?? [] },
  { text: 'resource.spec.gone', of: () => [] },
]
const fixedValues: readonly Values[] = [
  ...words.map((word) => ({ text: `"${word}"`, of: () => [word] })),
  { text: '"alice"', of: () => ['alice'] },
  { text: 'set("sre", "prod")', of: () => ['sre', 'prod'] },
]

function list(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : [text]
}

const kept = (values: readonly string[]) => values.filter((value) => value !== '')
const every = (all: readonly string[], some: readonly string[]) => some.every((value) => all.includes(value))

/** Expressions over these names, with their meaning. */
function expressions(names: readonly Values[], unanswerable: readonly string[]): fc.Arbitrary<Written> {
  const any = fc.constantFrom(...names, ...fixedValues)
  const name = fc.constantFrom(...names)
  const both = (
    a: Values,
    b: Values,
    text: string,
    test: (a: string[], b: string[]) => boolean,
  ): Written => ({
    text,
    means: (facts) => test(kept(a.of(facts)), kept(b.of(facts))),
  })
  const comparison = fc.oneof(
    fc
      .tuple(name, any)
      .map(([a, b]) =>
        both(
          a,
          b,
          `${a.text} == ${b.text}`,
          (x, y) => x.length > 0 && y.length > 0 && every(x, y) && every(y, x),
        ),
      ),
    fc
      .tuple(any, name)
      .map(([a, b]) =>
        both(
          a,
          b,
          `${a.text} != ${b.text}`,
          (x, y) => !(x.length > 0 && y.length > 0 && every(x, y) && every(y, x)),
        ),
      ),
    fc
      .tuple(any, any)
      .map(([a, b]) => both(a, b, `contains(${a.text}, ${b.text})`, (x, y) => y.length > 0 && every(x, y))),
    fc
      .tuple(name, any)
      .map(([a, b]) =>
        both(a, b, `contains_any(${a.text}, ${b.text})`, (x, y) => y.some((value) => x.includes(value))),
      ),
    name.map((a) => both(a, a, `is_empty(${a.text})`, (x) => x.length === 0)),
    name.map((a) =>
      both(a, a, `regexp.match(${a.text}, "^s|t$")`, (x) => x.some((one) => /^s|t$/.test(one))),
    ),
    name.map((a) => both(a, a, `regexp.match(${a.text}, "*r*")`, (x) => x.some((one) => one.includes('r')))),
  )
  const atom =
    unanswerable.length === 0
      ? comparison
      : fc.constantFrom(...unanswerable).map((text): Written => ({ text, means: () => undefined }))
  const { expression } = fc.letrec<{ expression: Written }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 6, arbitrary: comparison },
      { weight: 1, arbitrary: atom },
      { weight: 1, arbitrary: tie('expression').map(negate) },
      {
        weight: 1,
        arbitrary: fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => join(a, '&&', b)),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => join(a, '||', b)),
      },
    ),
  }))
  return expression.map(remember)
}

function negate({ text, means }: Written): Written {
  return {
    text: `!(${text})`,
    means: (facts) => {
      const inner = means(facts)
      return inner === undefined ? undefined : !inner
    },
  }
}

/** From left to right: the right side is not asked where the left one decides. */
function join(left: Written, operator: '&&' | '||', right: Written): Written {
  return {
    text: `(${left.text}) ${operator} (${right.text})`,
    means: (facts) => {
      const first = left.means(facts)
      return first === undefined || first === (operator === '||') ? first : right.means(facts)
    },
  }
}

function remember(written: Written): Written {
  meanings.set(written.text, written.means)
  return written
}

const labelExpression = expressions([...labelValues, ...personValues], []).map(({ text }) => text)
const where = expressions(
  [...resourceValues, ...resourceValues, ...personValues],
  ['resource.spec.map == "x"'],
).map(({ text }) => text)

export const selector: fc.Arbitrary<LabelSelector> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ '*': ['*'] }) },
  {
    weight: 6,
    arbitrary: fc.dictionary(
      fc.constantFrom(...keys),
      fc.uniqueArray(
        fc.constantFrom(
          'prod',
          'test',
          'sre',
          '*',
          'p*d',
          '^pro.$',
          '^s|t$',
          '{{external.team}}',
          'x-{{internal.site}}*',
        ),
        { minLength: 1, maxLength: 3 },
      ),
      { maxKeys: 2 },
    ),
  },
)

export const rule: fc.Arbitrary<RuleParts> = fc.record({
  resources: fc.constantFrom(['saml_idp_service_provider'], ['user'], ['user', 'role'], ['*']),
  verbs: fc.constantFrom(['list'], ['read'], ['update', 'delete'], ['*']),
  where: fc.option(where, { nil: undefined }),
})

export const accounts = ['111111111111', '111122223333', '222222222222', '012345678901'] as const
export const permissionSets = ['admin', 'read', 'billing'].map(
  (name) => `arn:aws:sso:::permissionSet/i-1/ps-${name}`,
)
const assignment: fc.Arbitrary<AccountAssignmentMatcher> = fc.record({
  account: fc.constantFrom(...accounts, '*', '1111*', '*2*3', '^(0|2).*$'),
  permissionSet: fc.constantFrom(...permissionSets, '*', 'arn:*', '*/ps-*d*', '^.*-(read|billing)$', '^x|g$'),
})

function rarely<T>(arbitrary: fc.Arbitrary<T>, otherwise: T, weight = 5): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary })
}

export const role: fc.Arbitrary<Role> = fc
  .record({
    name: fc.string({ minLength: 1, maxLength: 3 }),
    version: fc.constantFrom('v3', 'v6', 'v7', 'v8', 'v8', 'v8'),
    allowLabels: fc.oneof(selector, fc.constant({})),
    denyLabels: rarely<LabelSelector>(selector, {}),
    allowExpression: rarely(labelExpression, undefined, 2),
    denyExpression: rarely<string | undefined>(labelExpression, undefined, 8),
    allowRules: fc.array(rule, { maxLength: 3 }),
    denyRules: rarely<readonly RuleParts[]>(fc.array(rule, { maxLength: 2 }), []),
    allowAssignments: fc.array(assignment, { maxLength: 3 }),
    denyAssignments: rarely<readonly AccountAssignmentMatcher[]>(
      fc.array(assignment, { maxLength: 2 }),
      [],
      3,
    ),
    options: fc.record({
      maxSessionTtlMs: fc.constantFrom(hour, 8 * hour, 30 * hour),
      clientIdleTimeoutMs: fc.constantFrom(undefined, minute, hour),
      requireSessionMfa: fc.constantFrom('off', 'off', 'off', 'session', 'hardware_key'),
      deviceTrustMode: fc.constantFrom('off', 'optional', 'off', 'required', 'required-for-humans'),
      samlIdpEnabled: fc.constantFrom(true, true, true, true, true, false),
    }),
    origin: fc.constantFrom('stored', 'stored', 'stored', 'stored', 'account_assignment'),
  })
  .map(({ name, version, ...parts }) => buildRole(name, version, parts))

export const roles = fc.uniqueArray(role, { maxLength: 5, selector: ({ name }) => name })

export const traits = fc.dictionary(
  fc.constantFrom('team', 'site'),
  fc.array(fc.constantFrom('sre', 'prod', 'ber', '*', ''), { maxLength: 3 }),
)
export const labels = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...words))
export const resource: fc.Arbitrary<ResourceFacts> = fc.record({
  kind: fc.constantFrom('user', 'role', 'saml_idp_service_provider'),
  name: fc.constantFrom('alice', 'bob', 'sre'),
  labels: fc.dictionary(fc.constantFrom('team', 'env'), fc.constantFrom(...words)),
  owners: fc.array(fc.constantFrom('alice', 'sre', 'test', ''), { maxLength: 3 }),
})

/** The document that a resource of these facts has. */
export function documentOf({ kind, name, labels: carried, owners }: ResourceFacts): unknown {
  return { kind, version: 'v1', metadata: { name, labels: carried }, spec: { owners, map: { x: 'x' } } }
}
