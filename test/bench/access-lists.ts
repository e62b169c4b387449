/**
 * @module The people of lists within lists: 5,000 members over ten levels, and all in the lowest of them, each level
 * asking for something, beside the 50 ms that it may take; and what one person is in.
 */
import type { AccessListMember } from '../../src/core/access-list/access-list.js'
import { flattenLists } from '../../src/core/access-list/flatten.js'
import { listsOfPerson } from '../../src/core/access-list/person-lists.js'
import type { BenchLine } from './line.js'

const levels = 10
const people = 5000
const limitMs = 50
const runs = 30
const at = { now: 0, whenOverdue: undefined }

const name = (level: number): string => `list-${level}`
const own = { roles: ['staff'], traits: { team: ['platform'] } }

function row(list: string, kind: 'user' | 'list', member: string): AccessListMember {
  return {
    list,
    kind,
    name: member,
    awsUserId: undefined,
    joinedAt: 0,
    expiresAt: undefined,
    addedBy: '',
    reason: '',
  }
}

export function bench(): Promise<BenchLine[]> {
  const lists = Array.from({ length: levels }, (_, level) => ({
    name: name(level),
    owners: [],
    membershipRequires: { roles: ['staff'], traits: { team: ['platform'] } },
    ownershipRequires: { roles: [], traits: {} },
  }))
  const nested = Array.from({ length: levels - 1 }, (_, level) => row(name(level), 'list', name(level + 1)))
  const peopleIn = (levelOf: (at: number) => number) =>
    Array.from({ length: people }, (_, at) => row(name(levelOf(at)), 'user', `person-${at}@example.com`))
  const rows = [...nested, ...peopleIn((at) => at % levels)]
  const flat = medianMs(() => {
    flattenLists(lists, rows, () => own, at)
  })
  const lowest = [...nested, ...peopleIn(() => levels - 1)]
  const flatLowest = medianMs(() => {
    flattenLists(lists, lowest, () => own, at)
  })
  const deepest = `person-${levels - 1}@example.com`
  const edges = rows.filter((one) => one.kind === 'list' || one.name === deepest)
  const person = medianMs(() => {
    listsOfPerson({ name: deepest, own, edges, lists }, at)
  })
  return Promise.resolve([
    line('flatten 5,000 over 10 levels, ms', flat, limitMs, people),
    line('flatten 5,000 in the lowest of 10, ms', flatLowest, limitMs, people),
    line('the lists of one person, ms', person, 1, 1),
  ])
}

function line(metric: string, value: number, limit: number, n: number): BenchLine {
  return { bench: 'access-lists', metric, value, limit, ratio: value / limit, n, atMost: true }
}

/** Of the processor, whatever else the machine does. */
function medianMs(work: () => void): number {
  const times = Array.from({ length: runs }, () => {
    const start = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1000
  }).sort((a, b) => a - b)
  return times[Math.floor(runs / 2)] ?? 0
}
