/**
 * What must hold at every moment of a history, looked at with each change of AWS and each edit: nobody is given through
 * what is ours what was not desired a moment ago, and nobody keeps there what is not desired any more for longer than the
 * bound. What must hold of each change by itself is in `journal.ts`.
 *
 * The bounds, of true time. Giving: what was planned before an edit may still be under way, at most one call of 9 s and
 * an assignment that AWS works on, behind a queue; a minute is more than all of that. Taking, while nothing goes wrong:
 * a look every 4 s, the 10 s for which a new holder waits, the queue, and at most one full look at AWS (a minute between
 * two, and seconds long) where the edit was behind our back. After something went wrong: 15 s until the lease of a dead
 * holder ends, 5 minutes in which refused credentials are not tried again, the doubled waits of failed objects.
 */
import { actualAccess, desiredAccess, type Access, type Owned } from './model.js'
import type { Fact } from './journal.js'
import type { SimResources } from './resources.js'
import type { SimWorld } from './world.js'

const second = 1000
const minute = 60 * second
const givenWithin = minute
const takenWithin = 90 * second
const takenWithinAfterFaults = 10 * minute

export class Watch {
  readonly violations: string[] = []
  /** When something last went wrong, by the history. */
  disturbedAt = -Infinity
  /** The longest that somebody kept what was not desired while nothing was wrong. */
  longestKeptMs = 0
  /** The most that the clock of any process was off: what time gives, it may give that much too early or too late. */
  skewMs = 0
  /** Whether removals may have to wait for a person. */
  isHeld = false
  /** Access that was once desired, with the last instant at which it was. */
  readonly #lastDesired = new Map<Access, number>()
  /** Since when access that is not desired is there. */
  readonly #tooMuchSince = new Map<Access, number>()
  readonly #world: SimWorld
  readonly #resources: SimResources
  /** Single assignments that were taken away since they were last desired. */
  readonly #taken = new Set<Access>()
  #before = new Set<Access>()
  /** What groups had before they were ours, as long as they have it. */
  readonly #born = new Map<string, { readonly pairs: Set<string>; readonly members: Set<string> }>()
  #throughBorn = new Set<string>()

  constructor(world: SimWorld, resources: SimResources) {
    this.#world = world
    this.#resources = resources
    world.journal.onFact = (fact, isForeign) => {
      if (isForeign) this.noteForeign()
      else this.look()
      if (!isForeign) this.#lookAtSingle(fact)
    }
  }

  get #owned(): Owned {
    const { journal } = this.#world
    return { users: journal.owned('user'), groups: journal.owned('group') }
  }

  /** What ended and was taken away is not made again, unless somebody wants it again. */
  #lookAtSingle(fact: Fact): void {
    if (fact.of !== 'assignment') return
    const user = this.#world.aws.context.state.tables.users.get(fact.principalId)
    if (user === undefined) return
    const access = `${user.userName} ${fact.pair}`
    const isWanted = this.noteDesired().has(access)
    if (fact.is === 'gone' && !isWanted) this.#taken.add(access)
    if (fact.is === 'new' && !isWanted && this.#taken.has(access)) this.#accuse(`gave again: ${access}`)
  }

  /** After an edit of ours, and now and then: time alone ends access, too. */
  noteDesired(): Set<Access> {
    const now = this.#world.scheduler.clock.now()
    const desired = desiredAccess(this.#resources, now)
    const isSkewed = this.skewMs > 0
    for (const access of isSkewed ? desiredAccess(this.#resources, now + this.skewMs) : [])
      desired.add(access)
    for (const access of isSkewed ? desiredAccess(this.#resources, now - this.skewMs) : [])
      desired.add(access)
    for (const access of desired) {
      this.#lastDesired.set(access, now)
      this.#taken.delete(access)
    }
    return desired
  }

  /** After an edit behind our back: what it did is nobody's fault here. */
  noteForeign(): void {
    this.#before = this.#given()
    this.#noteBorn()
    this.#throughBorn = this.#givenThroughBorn()
  }

  #noteBorn(): void {
    const { groups, memberships, assignments } = this.#world.aws.context.state.tables
    for (const { id } of groups.rows()) {
      if (this.#world.journal.isOurs(id)) continue
      const members = memberships.by('group', id).rows()
      const pairs = assignments.rows().filter(({ principalId }) => principalId === id)
      this.#born.set(id, {
        members: new Set(members.map(({ userId }) => userId)),
        pairs: new Set(pairs.map(({ accountId, permissionSetArn }) => `${accountId}/${permissionSetArn}`)),
      })
    }
  }

  /** Who has what because of what a group had before it was ours: `GROUP ACCESS`. What is gone counts no more. */
  #givenThroughBorn(): Set<string> {
    const { users, memberships, assignments } = this.#world.aws.context.state.tables
    const given = new Set<string>()
    for (const [id, born] of this.#born) {
      const members = new Set(
        memberships
          .by('group', id)
          .rows()
          .map(({ userId }) => userId),
      )
      const rows = assignments.rows().filter(({ principalId }) => principalId === id)
      const pairs = new Set(rows.map(({ accountId, permissionSetArn }) => `${accountId}/${permissionSetArn}`))
      for (const userId of born.members) if (!members.has(userId)) born.members.delete(userId)
      for (const pair of born.pairs) if (!pairs.has(pair)) born.pairs.delete(pair)
      for (const userId of members) {
        for (const pair of born.members.has(userId) ? pairs : born.pairs) {
          given.add(`${id} ${users.get(userId)?.userName ?? userId} ${pair}`)
        }
      }
    }
    return given
  }

  /** A group that is taken over gives nobody what neither its list nor anything else says. */
  #lookAtAdopted(now: number): void {
    const given = this.#givenThroughBorn()
    for (const one of given) {
      if (this.#throughBorn.has(one)) continue
      const last = this.#lastDesired.get(one.slice(one.indexOf(' ') + 1))
      if (last === undefined || last < now - givenWithin) this.#accuse(`gave by an adoption: ${one}`)
    }
    this.#throughBorn = given
  }

  /** What others made is kept or reverted, but never our gift. */
  #given(): Set<Access> {
    return actualAccess(this.#world, this.#owned, this.#world.journal.foreignRows)
  }

  /** Compares with the moment before. */
  look(): void {
    const now = this.#world.scheduler.clock.now()
    const desired = this.noteDesired()
    const access = this.#given()
    for (const one of access) {
      if (this.#before.has(one)) continue
      const last = this.#lastDesired.get(one)
      if (last === undefined || last < now - givenWithin) this.#accuse(`gave what nobody wants: ${one}`)
    }
    this.#before = access
    this.#lookAtAdopted(now)
    if (!this.isHeld) this.#lookAtWhatIsLeft(access, desired, now)
  }

  #lookAtWhatIsLeft(access: ReadonlySet<Access>, desired: ReadonlySet<Access>, now: number): void {
    for (const one of this.#tooMuchSince.keys()) {
      if (!access.has(one) || desired.has(one)) this.#tooMuchSince.delete(one)
    }
    for (const one of access) {
      if (desired.has(one)) continue
      const since = this.#tooMuchSince.get(one) ?? now
      this.#tooMuchSince.set(one, since)
      const calm = now - Math.max(since, this.disturbedAt)
      const isCalm = this.disturbedAt === -Infinity
      if (isCalm) this.longestKeptMs = Math.max(this.longestKeptMs, calm)
      if (calm > (isCalm ? takenWithin : takenWithinAfterFaults)) {
        this.#accuse(`leaves what nobody wants: ${one}, for ${calm} ms`)
      }
    }
  }

  #accuse(what: string): void {
    if (this.violations.length < 20) this.violations.push(`${what} at ${this.#world.scheduler.clock.now()}`)
  }
}
