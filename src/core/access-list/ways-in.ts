/**
 * @module Every way by which one person is in a list: directly, and through each list within it. Which of them counts
 * `flatten.ts` says of all people at once by the shortest; here the others are told too, for somebody who wants to know
 * what is left when one way goes.
 */
import type { Instant } from '../time.js'
import type { AccessListMember } from './access-list.js'
import type { ListToFlatten, Moment } from './flatten.js'
import { judgePerson, type LookUpPerson, type WhyNot } from './judge-person.js'
import { frozenSince } from './review-schedule.js'

export interface WayIn {
  /** From the list itself to the one that has the person. */
  readonly path: readonly string[]
  /** The membership of the person in the last of them. */
  readonly member: AccessListMember
  /** When the first membership on the way ends. */
  readonly until: Instant | undefined
  /** The first list from below that asks for what the person lacks, or was frozen before: this way gives nothing. */
  readonly ineligible: { readonly asks: string; readonly why: WhyNot } | undefined
}

interface Way extends Omit<WayIn, 'ineligible'> {
  /** For each list of the path the membership in it by which the way goes on. */
  readonly rows: readonly AccessListMember[]
}

/** Rows of a list and of those within it, found by who is in and by what has it. */
export class RowsBelow {
  readonly #ofPerson = new Map<string, AccessListMember[]>()
  readonly #above = new Map<string, AccessListMember[]>()

  constructor(rows: readonly AccessListMember[]) {
    for (const row of rows) push(row.kind === 'user' ? this.#ofPerson : this.#above, row.name, row)
  }

  memberships(person: string): readonly AccessListMember[] {
    return this.#ofPerson.get(person) ?? []
  }

  /** Those that have this list as a member. */
  above(list: string): readonly AccessListMember[] {
    return this.#above.get(list) ?? []
  }
}

/** Ways that are looked at for one person: a graph may have very many. */
const maxLooked = 2000

/**
 * The shortest first, then by name; at most `limit`, and `isCut` where there may be more. Memberships that have ended
 * are no way, and a way goes through no list twice.
 */
export function waysIn(
  rows: RowsBelow,
  { list: root, person }: { readonly list: string; readonly person: string },
  {
    lists,
    people,
  }: {
    /** Undefined for a list that is not there: it has nobody. */
    readonly lists: (name: string) => ListToFlatten | undefined
    readonly people: LookUpPerson
  },
  { now, whenOverdue, limit }: Moment & { readonly limit: number },
): { readonly ways: readonly WayIn[]; readonly isCut: boolean } {
  const isOpen = ({ list, expiresAt }: AccessListMember): boolean =>
    (expiresAt === undefined || expiresAt > now) && lists(list) !== undefined
  const judged = new Map<string, WhyNot | undefined>()
  const judge = (list: string): WhyNot | undefined => {
    if (!judged.has(list)) judged.set(list, judgePerson(lists(list)?.membershipRequires, people, person))
    return judged.get(list)
  }
  const frozenAt = (list: string): Instant | undefined => {
    const review = lists(list)?.review
    return review && frozenSince({ review, preference: whenOverdue }, now)
  }
  let wave: Way[] = rows
    .memberships(person)
    .filter(isOpen)
    .map((member) => ({ path: [member.list], member, until: member.expiresAt, rows: [member] }))
  const ways: Way[] = []
  let looked = 0
  let isCut = false
  while (wave.length > 0) {
    ways.push(...wave.filter(({ path }) => path[0] === root))
    // Longer ways come after all shorter ones: with so many of those nothing more is asked for.
    if (ways.length > limit) break
    const next: Way[] = []
    for (const way of wave) {
      const [first = ''] = way.path
      // A way that has arrived goes on only in a circle.
      if (first === root) continue
      for (const edge of rows.above(first)) {
        if (!isOpen(edge) || way.path.includes(edge.list)) continue
        if (++looked > maxLooked) {
          isCut = true
          break
        }
        next.push({
          ...way,
          path: [edge.list, ...way.path],
          rows: [edge, ...way.rows],
          until: earlier(way.until, edge.expiresAt),
        })
      }
    }
    wave = next
  }
  const sorted = ways.sort(
    (a, b) => a.path.length - b.path.length || compare(a.path.join('/'), b.path.join('/')),
  )
  return {
    ways: sorted.slice(0, limit).map(({ rows: along, ...way }) => {
      return { ...way, ineligible: findIneligible(along, judge, frozenAt) }
    }),
    isCut: isCut || sorted.length > limit,
  }
}

function findIneligible(
  along: readonly AccessListMember[],
  judge: (list: string) => WhyNot | undefined,
  frozenAt: (list: string) => Instant | undefined,
): WayIn['ineligible'] {
  const late = findLate(along, frozenAt)
  for (const { list } of along.toReversed()) {
    const why = judge(list)
    if (why !== undefined) return { asks: list, why }
    if (list === late) return { asks: list, why: { kind: 'frozen' } }
  }
  return undefined
}

/** The frozen list on the way that was walked below as it stood before one of the memberships (`frozen-paths.ts`). */
function findLate(
  along: readonly AccessListMember[],
  frozenAt: (list: string) => Instant | undefined,
): string | undefined {
  let stood: Instant = Infinity
  let frozen: string | undefined
  for (const { list, joinedAt } of along) {
    if (joinedAt > stood) return frozen
    const since = frozenAt(list)
    const at = since === undefined ? Infinity : Math.max(since, joinedAt)
    if (at >= stood) continue
    stood = at
    frozen = list
  }
  return undefined
}

function earlier(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b)
}

function push(map: Map<string, AccessListMember[]>, key: string, row: AccessListMember): void {
  const of = map.get(key)
  if (of === undefined) map.set(key, [row])
  else of.push(row)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
