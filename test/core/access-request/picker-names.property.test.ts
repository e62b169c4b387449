import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildAutomaton } from '../../../src/core/access-request/picker-automaton.js'
import { namePlaces } from '../../../src/core/access-request/picker-names.js'
import { hasBit } from '../../../src/core/bits.js'
import { assignmentRoleRef, listRoleNames } from '../../../src/core/inventory/assignment-role.js'
import { indexInventory } from '../../../src/core/inventory/inventory-index.js'
import type { Inventory } from '../../../src/core/inventory/inventory.js'
import { parseMatcher, type Matcher } from '../../../src/core/matcher.js'
import { finish } from '../../../src/core/role/pattern-places.js'
import { buildInventory } from '../../support/inventory.js'

/** Names with everything that could lead astray: the border within a name, former names, dots, other scripts, breaks. */
const inventory: Inventory = {
  revision: '1',
  accounts: [
    { id: '111111111111', name: 'prod', formerNames: ['old', 'x-on-prod'], tags: {} },
    { id: '222222222222', name: 'on-prod', formerNames: [], tags: {} },
    { id: '333333333333', name: 'a.b 😀', formerNames: ['line\nbreak'], tags: {} },
    { id: '444444444444', name: 'prod-on-x', formerNames: ['prod'], tags: {} },
  ],
  permissionSets: ['Admin', 'Admin-on-prod', 'Read', 'a', 'R.d', '😀'].map((name, at) => ({
    arn: `arn:aws:sso:::permissionSet/ssoins-1/ps-${at}`,
    name,
  })),
}

const names = inventory.accounts.flatMap(({ id }) =>
  inventory.permissionSets.flatMap(({ arn }) => listRoleNames(inventory, assignmentRoleRef(id, arn))),
)

const piece = fc
  .tuple(fc.constantFrom(...names), fc.nat({ max: 60 }), fc.integer({ min: 1, max: 9 }))
  .map(([text, from, length]) => text.slice(from % text.length).slice(0, length))
const quoted = piece.map((text) => text.replace(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`))

/** Regular expressions that are written in parts which the automaton knows. */
const { regex } = fc.letrec<{ regex: string; sequence: string; atom: string }>((tie) => ({
  regex: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((all) => all.join('|')),
  sequence: fc
    .array(
      fc
        .tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '{0}'))
        .map(([atom, repeat]) => atom + repeat),
      { maxLength: 5 },
    )
    .map((all) => all.join('')),
  atom: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    quoted.map((text) => `(?:${text})`),
    fc.constantFrom(
      '.',
      'a',
      'o',
      'n',
      '-',
      '1',
      String.raw`\d`,
      String.raw`\w`,
      String.raw`\S`,
      String.raw`\.`,
    ),
    fc.constantFrom('[a-z]', '[^-]', '[-A-Z0-9]', '[^a-n\\d]', '[\\w.-]', '[😀b]', '(.*)', '(?:.*)'),
    fc.constantFrom('-on-', 'prod', 'Admin', 'on'),
    tie('regex').map((inner) => `(${inner})`),
  ),
}))
const patterns = fc.oneof(
  fc.constant('*'),
  fc.constantFrom(...names),
  piece.map((text) => `*${text}*`),
  fc.tuple(piece, piece).map(([a, b]) => `${a}*${b}`),
  fc.tuple(piece, piece).map(([a, b]) => `*${a}*${b}*`),
  quoted.map((text) => `^${text}`.concat('|n$')),
  regex.map((text) => `^${text}$`).filter((text) => text.length <= 200),
)
const matcherOf = (pattern: string): Matcher => parseMatcher(pattern, 'roles')

/** `<account place> <set place>` of all that the pattern covers. */
function covered(matcher: Matcher, of: Inventory): string[] {
  const blocks = finish(namePlaces(of)(matcher))
  const { accounts, permissionSets } = indexInventory(of)
  return accounts.flatMap((_, account) =>
    permissionSets.flatMap((__, set) =>
      blocks.some((block) => hasBit(block.accounts, account) && hasBit(block.sets, set))
        ? [`${account} ${set}`]
        : [],
    ),
  )
}

function naive({ matches }: Matcher, of: Inventory): string[] {
  const { accounts, permissionSets } = indexInventory(of)
  return accounts.flatMap(({ id }, account) =>
    permissionSets.flatMap(({ arn }, set) =>
      listRoleNames(of, assignmentRoleRef(id, arn)).some(matches) ? [`${account} ${set}`] : [],
    ),
  )
}

describe('which account assignments a pattern of role names covers', () => {
  test('is what each of their names says, for literals, globs and regular expressions', () => {
    fc.assert(
      fc.property(patterns, (pattern) => {
        const matcher = matcherOf(pattern)
        expect(covered(matcher, inventory)).toEqual(naive(matcher, inventory))
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    [String.raw`^.*\bprod\b.*$`],
    ['^(?i)ADMIN-on-.*$'],
    [String.raw`^\p{L}+-on-.*$`],
    ['^[[:alpha:]]+-on-prod.*$'],
    ['^Admin.*?$'],
    ['^.*-on-(?P<stage>prod|dr)-.*$'],
    ['^Admin-((a|b|o|n|-){1,20}){1,20}.*$'],
  ])('is what each of their names says for %s, which only RE2 is asked about', (pattern) => {
    const matcher = matcherOf(pattern)
    expect(buildAutomaton(matcher)).toBeUndefined()
    expect(covered(matcher, inventory)).toEqual(naive(matcher, inventory))
  })

  test('of a name that a claim gives is what has that very name, stars and all', () => {
    const starred = {
      ...inventory,
      permissionSets: [{ arn: inventory.permissionSets[0]?.arn ?? '', name: '*' }],
    }
    const name = '*-on-prod-111111111111'
    const literal: Matcher = { kind: 'literal', pattern: name, matches: (text) => text === name }
    expect(covered(matcherOf(name), starred)).toEqual(naive(matcherOf(name), starred))
    expect(covered(literal, starred)).toEqual(naive(literal, starred))
    expect(covered(literal, inventory)).toEqual([])
    expect(covered(matcherOf(name), inventory)).not.toEqual([])
  })

  test('is the same for whoever asks while another is half-way', () => {
    const fresh = buildInventory({ accounts: 90, permissionSets: 40 })
    const matcher = matcherOf(String.raw`^\w+.*-on-\bpayments\b.*$`)
    const first = namePlaces(fresh)(matcher)
    for (let step = 0; step < 20; step++) first.next()
    expect(covered(matcher, fresh)).toEqual(naive(matcher, fresh))
    expect(finish(first)).toEqual(finish(namePlaces(fresh)(matcher)))
  })
})

describe('an automaton', () => {
  test('says of every text what RE2 says', () => {
    const text = fc.oneof(
      fc.constantFrom(...names),
      fc.string({ unit: fc.constantFrom('a', 'A', 'o', 'n', 'd', 'p', '-', '1', '.', '😀', '\n') }),
    )
    let understood = 0
    fc.assert(
      fc.property(patterns, fc.array(text, { minLength: 1, maxLength: 8 }), (pattern, texts) => {
        const matcher = matcherOf(pattern)
        const automaton = buildAutomaton(matcher)
        if (automaton === undefined) return
        understood++
        for (const one of texts) {
          const end = automaton.run(automaton.start, one)
          expect([one, end !== undefined && automaton.accepts(end)]).toEqual([one, matcher.matches(one)])
        }
      }),
      { numRuns: 2000 },
    )
    expect(understood).toBeGreaterThan(1800)
  })
})
