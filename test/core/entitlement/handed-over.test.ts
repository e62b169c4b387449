import { describe, expect, test } from 'vitest'
import { findHandedOver } from '../../../src/core/entitlement/handed-over.js'
import type { TimeBoxedGrant } from '../../../src/core/entitlement/input.js'
import type { Link, Observation } from '../../../src/core/identity-center/observation.js'

const link = (kind: Link['kind'], name: string, awsId: string): Link => ({
  ...{ kind, name, awsId, origin: 'created', linkedAt: 0, unwantedSince: undefined },
})
const links = [link('user', 'ann', 'u1'), link('group', 'team', 'g1')]
const grant: TimeBoxedGrant = { user: 'ann', pair: 'one', request: 'r1', until: 9, asMemberOf: 'team' }

function seen(
  members: readonly string[],
  ofGroup: readonly string[],
): Pick<Observation, 'members' | 'assignments'> {
  return {
    members: new Map([['g1', new Set(members)]]),
    assignments: new Map([['group/g1', new Set(ofGroup)]]),
  }
}

describe('what a promotion left', () => {
  test('is needed no more once the person is in the group and the group has the assignment', () => {
    const { needed, requests } = findHandedOver([grant], links, seen(['u1'], ['one']))
    expect([needed, [...requests]]).toEqual([[], ['r1']])
  })

  test.each([
    ['the person is not in the group yet', links, seen([], ['one'])],
    ['the group has another assignment', links, seen(['u1'], ['two'])],
    ['the person is not known in AWS', links.slice(1), seen(['u1'], ['one'])],
    ['the group is not known in AWS', links.slice(0, 1), seen(['u1'], ['one'])],
    ['the group was not read', links, { members: new Map(), assignments: new Map() }],
  ])('is needed while %s', (_, known, observed) => {
    const { needed, requests } = findHandedOver([grant], known, observed)
    expect([needed, requests.size]).toEqual([[grant], 0])
  })

  test('goes assignment by assignment', () => {
    const other = { ...grant, pair: 'two' }
    expect(findHandedOver([grant, other], links, seen(['u1'], ['one'])).needed).toEqual([other])
  })

  test('is something else than what a request gives by itself', () => {
    const { asMemberOf: _, ...own } = grant
    const grants = [own]
    expect(findHandedOver(grants, links, seen(['u1'], ['one'])).needed).toBe(grants)
  })
})
