/** When a decision takes a second factor: iff one of the roles that let the reviewer decide asks for it, or the cluster. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeReviewMfa, reviewMfaJudge } from '../../../src/core/access-request/review-mfa.js'
import { mayReviewItem } from '../../../src/core/access-request/reviewers.js'
import { roleVersions, type Role, type SessionMfa } from '../../../src/core/role/role.js'
import { buildWorld, item, request, reviewer, role } from './build.js'

const names = ['a', 'b', 'c'] as const
const items = names.map((name) => item({ kind: 'role', name }))
const modes: readonly SessionMfa[] = ['off', 'session', 'hardware_key', 'hardware_key_touch']

const noKey = { any: true, hardwareKey: false }

function needs(
  roles: readonly Role[],
  cluster: SessionMfa,
  of: readonly string[],
  { note = '', means = noKey } = {},
) {
  const world = buildWorld([], { preference: { requireSessionMfa: cluster } })
  const judge = reviewMfaJudge(reviewer('rita', roles, { means }), request(items), world, {
    reason: note,
    annotations: {},
  })
  return judge(items.filter(({ id }) => of.includes(id)))
}

/** What the rule says, written another way: by roles held alone, item by item. */
function expected(roles: readonly Role[], cluster: SessionMfa, of: readonly string[]): string {
  const world = buildWorld([])
  const asking = roles.filter((one) =>
    items.some((asked) => {
      if (!of.includes(asked.id)) return false
      // With every denial, and this role's permission alone.
      const alone = roles.map((each) => {
        return each === one ? each : { ...each, allow: { ...each.allow, reviewRequests: undefined } }
      })
      return mayReviewItem(reviewer('rita', alone), request(items), asked, world).may
    }),
  )
  const all = [...asking.map(({ options }) => options.requireSessionMfa), ...(of.length > 0 ? [cluster] : [])]
  if (all.some((mode) => mode !== 'off' && mode !== 'session')) return 'unsupported'
  return all.includes('session') ? 'factor' : 'none'
}

const anyRole = fc
  .record({
    version: fc.constantFrom(...roleVersions),
    mode: fc.constantFrom(...modes),
    reviews: fc.option(fc.subarray(['a', 'b', 'c', '*']), { nil: undefined }),
    denies: fc.option(fc.subarray(['a', 'b', 'c']), { nil: undefined }),
    id: fc.nat(),
  })
  .map(({ version, mode, reviews, denies, id }) =>
    role(`r${id}`, {
      version,
      options: { requireSessionMfa: mode },
      ...(reviews && { reviews: { roles: reviews } }),
      ...(denies && { denyReviews: { roles: denies } }),
    }),
  )

describe('a decision takes a second factor', () => {
  test('iff a role that lets the reviewer decide on one of the items asks for it, or the cluster', () => {
    fc.assert(
      fc.property(
        fc.array(anyRole, { maxLength: 5 }),
        fc.constantFrom(...modes),
        fc.subarray(items.map(({ id }) => id)),
        (roles, cluster, of) => {
          const { needs: found, reasons } = needs(roles, cluster, of)
          expect(found).toBe(expected(roles, cluster, of))
          expect(reasons.length > 0).toBe(found !== 'none')
        },
      ),
    )
  })

  test('of each version of roles, and by the words of the role and the cluster', () => {
    for (const version of roleVersions) {
      const asks = role('guards', {
        version,
        options: { requireSessionMfa: 'session' },
        reviews: { roles: ['a'] },
      })
      const need = needs([asks], 'session', ['role/a'])
      expect([need.needs, describeReviewMfa(need)]).toEqual([
        'factor',
        `Role "guards" (${version}) requires a fresh second factor for each decision on access requests. The cluster requires a fresh second factor for each decision on access requests.`,
      ])
      expect(needs([asks], 'off', ['role/b']).needs).toBe('none')
    }
  })

  test('one that asks is not outdone by one that does not', () => {
    const asks = role('asks', { options: { requireSessionMfa: 'session' }, reviews: { roles: ['a'] } })
    const easy = role('easy', { reviews: { roles: ['*'] } })
    expect(needs([easy, asks], 'off', ['role/a', 'role/b']).needs).toBe('factor')
    expect(needs([easy, asks], 'off', ['role/b']).needs).toBe('none')
  })

  test('a hardware key is asked of whoever has one; others are told what to do', () => {
    const key = role('keys', {
      options: { requireSessionMfa: 'hardware_key_touch' },
      reviews: { roles: ['a'] },
    })
    const need = needs([key], 'session', ['role/a'])
    expect(need.needs).toBe('unsupported')
    expect(describeReviewMfa(need)).toMatch(
      /^Role "keys" \(v8\) requires a hardware key for each decision .* let another reviewer decide\.$/,
    )
    const means = { any: true, hardwareKey: true }
    expect(needs([key], 'session', ['role/a'], { means }).needs).toBe('hardware_key')
    expect(needs([key], 'hardware_key_pin', ['role/a'], { means }).needs).toBe('hardware_key_pin')
  })

  test('a condition on the review is judged by the review that is given', () => {
    const where = 'review.reason == "urgent"'
    const asks = role('asks', { options: { requireSessionMfa: 'session' }, reviews: { roles: ['a'], where } })
    const easy = role('easy', { reviews: { roles: ['a'] } })
    expect(needs([asks, easy], 'off', ['role/a'], { note: 'urgent' }).needs).toBe('factor')
    expect(needs([asks, easy], 'off', ['role/a'], { note: 'can wait' }).needs).toBe('none')
  })
})
