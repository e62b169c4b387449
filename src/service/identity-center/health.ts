/**
 * @module How a plugin is, in one word and in the problems behind it, worst first, each with what to do. A pure rule:
 * page, command line, list of integrations and metrics all tell what it says.
 */
import type { SyncStatusAnswer } from '../../api/contract/identity-center.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import { identityCenterPreset } from '../../core/saml/identity-center.js'
import { formatInstant, minute, type Instant } from '../../core/time.js'
import type { ScimToken } from '../../store/store.js'
import { lockedInAwsRemedy, lockedInAwsWords, type LockedInAws } from './locked-in-aws.js'
import { daysLeft, stateOf } from './scim-tokens.js'
import type { CurrentPlan, SyncState } from './sync-port.js'
import {
  answersWithinMs,
  endsWithinMs,
  endsWords,
  nextTryWords,
  unfinishedWords,
  type Unfinished,
} from './unfinished.js'

export type Health = SyncStatusAnswer['health']

export interface Problem {
  readonly code: string
  /** `note`: nothing has to be done. */
  readonly weight: 'failing' | 'attention' | 'note'
  readonly says: string
  readonly remedy: string
}

export interface HealthFacts {
  readonly settings: Pick<
    PluginSettings,
    'name' | 'sync' | 'drift' | 'scimBaseUrl' | 'defaultOwners' | 'scanIntervalMs'
  >
  /** Whether Gatehouse ever changed AWS for it. */
  readonly started: boolean
  readonly state: SyncState
  readonly tokens: readonly ScimToken[]
  readonly usedSlot: 1 | 2 | undefined
  /** Undefined where no plan can be made. */
  readonly current: CurrentPlan | undefined
  /** What AWS does not have yet; undefined where no plan can be made. */
  readonly unfinished: Unfinished | undefined
  /** When the oldest change without an answer was sent. */
  readonly oldestOpenAt: Instant | undefined
  /** Those whom a lock shuts out here and not yet in AWS. */
  readonly locked: readonly LockedInAws[]
  readonly now: Instant
}

type Weight = Problem['weight']

/** What the health is, in the order in which it is asked: not set up, failing, paused, attention, healthy. */
export function judgeHealth(facts: HealthFacts): {
  readonly health: Health
  readonly says: string
  readonly problems: readonly Problem[]
} {
  const found = [...findProblems(facts)]
  const rank: Readonly<Record<Weight, number>> = { failing: 0, attention: 1, note: 2 }
  const sorted = found
    .map((one, index) => ({ ...one, index }))
    .sort((a, b) => rank[a.weight] - rank[b.weight] || a.index - b.index)
  const problems = sorted.map(({ code, weight, says, remedy }) => ({ code, weight, says, remedy }))
  const [worst] = sorted
  const { settings, started, state, unfinished } = facts
  if (state.job?.kind === 'uninstall' && state.job.state === 'running') {
    const says = `It is being removed: ${state.job.says || 'the removal has begun'}.`
    return { health: worst?.weight === 'failing' ? 'failing' : 'attention', says, problems }
  }
  if (!started && settings.sync === 'active') {
    if (worst?.weight === 'failing') return { health: 'failing', says: worst.says, problems }
    const says = 'What AWS has is read and imported first; nothing is changed in AWS until then.'
    return { health: 'setting_up', says, problems }
  }
  if (!started) {
    const says =
      worst?.weight === 'failing' ? worst.says : 'The set-up is not finished; nothing is changed in AWS.'
    return { health: 'setting_up', says, problems }
  }
  if (worst?.weight === 'failing') return { health: 'failing', says: worst.says, problems }
  if (settings.sync === 'paused') {
    return { health: 'paused', says: 'Paused: plans are made and nothing is changed in AWS.', problems }
  }
  if (worst?.weight === 'attention') return { health: 'attention', says: worst.says, problems }
  const left = unfinished === undefined ? undefined : unfinishedWords(unfinished)
  return { health: 'healthy', says: left ?? 'AWS is kept equal to what Gatehouse says.', problems }
}

type Found = Problem

function* findProblems(facts: HealthFacts): Generator<Found> {
  const { settings, started, state, current } = facts
  yield* findRestored(facts)
  if (state.credentials.ok === false) {
    const remedy = 'Run the connection test: it says which part of the trust with AWS is missing.'
    yield { weight: 'failing', code: 'credentials', says: state.credentials.says, remedy }
  }
  yield* findUninstallProblems(facts)
  yield* findLockProblems(facts)
  yield* findScimProblems(facts)
  if (current === undefined) {
    const says = 'No plan can be made from what is stored; the log has the cause.'
    yield { weight: 'failing', code: 'plan', says, remedy: 'Look at AWS again; read the log of the gateway.' }
  }
  yield* findEnds(facts)
  if (settings.sync === 'active') {
    if (!started) yield* findImportProblems(facts)
    yield* findStaleness(facts)
    yield* findUnanswered(facts)
  }
  if (current !== undefined) yield* findPlanProblems(facts, current)
  if (state.pairsDenied === true) {
    const says =
      'Assignments are read for each user and group, since AWS does not allow sso:ListAccountAssignments; that takes more calls.'
    const remedy = 'Nothing has to be done; the block delegated_administrator of the set-up script allows it.'
    yield { weight: 'note', code: 'pairs_denied', says, remedy }
  }
  if (state.errors.length > 0) {
    const says = `${count(state.errors.length, 'object')} could not be brought to what is desired.`
    yield {
      weight: 'attention',
      code: 'errors',
      says,
      remedy: 'Each is listed with its cause and what to do.',
    }
  }
}

/** Before all others: nobody's access ends in AWS until this is done. */
function* findRestored({ settings, current }: HealthFacts): Generator<Found> {
  if (current?.restored === undefined) return
  const says = `Restored from a backup of ${formatInstant(current.restored.backupAt)}: nothing is changed in AWS, not even for locks and expired access.`
  const remedy = `Read the plan and release it: Identity Center, Plan; or gatehouse awsic release${settings.name === identityCenterPreset ? '' : ` --plugin ${settings.name}`}.`
  yield { weight: 'failing', code: 'restored', says, remedy }
}

/** A removal that stopped half way leaves the sync off, and nobody would know why. */
function* findUninstallProblems({ settings, state: { job } }: HealthFacts): Generator<Found> {
  if (job?.kind !== 'uninstall' || job.state !== 'failed' || settings.sync === 'active') return
  const says = `Its removal failed, and the sync is off since then: locks and changes do not reach AWS. ${job.error ?? ''}`
  const remedy = 'Remove it once more, which goes on where it stopped, or switch the sync on again.'
  yield { weight: 'failing', code: 'uninstall_failed', says: says.trim(), remedy }
}

const lockedTold = 10

function* findLockProblems({ started, locked }: HealthFacts): Generator<Found> {
  if (!started) return
  for (const one of locked.slice(0, lockedTold)) {
    const says = lockedInAwsWords(one)
    yield { weight: 'failing', code: 'lock_not_in_aws', says, remedy: lockedInAwsRemedy }
  }
  if (locked.length <= lockedTold) return
  const says = `${locked.length - lockedTold} more are locked here, NOT yet in AWS.`
  yield { weight: 'failing', code: 'lock_not_in_aws', says, remedy: lockedInAwsRemedy }
}

/** A small delay is the pace of AWS; a long one, or a sync that is off, is access that nobody may have any more. */
function* findEnds({
  settings,
  started,
  state: { governor },
  unfinished,
  now,
}: HealthFacts): Generator<Found> {
  const says = started && unfinished !== undefined ? endsWords(unfinished) : undefined
  if (says === undefined || unfinished?.ends === undefined) return
  const { since = now } = unfinished.ends
  const weight = settings.sync === 'active' && now - since < endsWithinMs ? 'note' : 'attention'
  const remedy =
    settings.sync === 'active'
      ? `They go first, what ended first first, as fast as the limits of AWS allow.${paceWords(governor, unfinished.ends.count)}`
      : 'Switch the sync on again: nothing is taken away while it is paused or off.'
  yield { weight, code: 'ended_in_aws', says, remedy }
}

/** Of an assignment: one call that takes it away, and one that asks whether that was done. */
const callsOfEnd = 2

/** What waits for its turn is not in the queue of calls yet: the pace that AWS allows tells how long it takes. */
function paceWords({ services }: HealthFacts['state']['governor'], count: number): string {
  const rate = services.find(({ service }) => service === 'sso-admin')?.rate ?? 0
  if (rate <= 0) return ''
  const seconds = Math.ceil((count * callsOfEnd) / rate)
  const long = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
  const pace = Number(rate.toFixed(1))
  return ` At ${pace} calls a second, ${callsOfEnd} for each, that takes about ${seconds === 1 ? '1 second' : long}.`
}

function* findUnanswered({ unfinished, oldestOpenAt, now }: HealthFacts): Generator<Found> {
  if (unfinished === undefined) return
  const isLate = oldestOpenAt !== undefined && now - oldestOpenAt >= answersWithinMs
  const says = unfinishedWords(unfinished)
  if (says === undefined || (!isLate && unfinished.retried === 0)) return
  const remedy = `AWS is asked again by itself.${nextTryWords(unfinished, now)}`
  yield { weight: 'attention', code: 'unfinished', says, remedy }
}

function* findScimProblems({ settings, started, tokens, usedSlot, now }: HealthFacts): Generator<Found> {
  if (!started) return
  const make =
    'Make a token in Identity Center (Settings, Automatic provisioning) and add it under Identity Center, SCIM.'
  if (settings.scimBaseUrl === undefined || tokens.length === 0) {
    const says = 'No SCIM URL and token are stored: users and groups cannot be written.'
    yield { weight: 'failing', code: 'scim_missing', says, remedy: make }
    return
  }
  const working = tokens.filter((token) => ['ok', 'expiring'].includes(stateOf(token, now)))
  if (working.length === 0) {
    const refused = tokens.some((token) => stateOf(token, now) === 'refused')
    const says = refused ? 'AWS refuses every SCIM token that is stored.' : 'Every SCIM token has ended.'
    yield { weight: 'failing', code: refused ? 'scim_refused' : 'scim_expired', says, remedy: make }
    return
  }
  const used = tokens.find(({ slot }) => slot === usedSlot)
  if (used !== undefined && stateOf(used, now) === 'expiring') {
    const left = daysLeft(used, now)
    const says = `The SCIM token in use ends in ${count(left, 'day')}.`
    yield { weight: left <= 30 ? 'attention' : 'note', code: 'scim_expiring', says, remedy: make }
  }
}

/** Of one that was switched on before anything was imported: it imports by itself, once it can. */
function* findImportProblems({ settings, tokens }: HealthFacts): Generator<Found> {
  if (settings.defaultOwners.length === 0) {
    yield {
      weight: 'failing',
      code: 'default_owners',
      says: 'Nothing can be imported: every access list has an owner, and the plugin names none.',
      remedy: 'Name access_list_default_owners in the plugin.',
    }
  }
  if (settings.scimBaseUrl === undefined || tokens.length === 0) {
    const says = 'No SCIM URL and token are stored; the import goes without, the first plan does not.'
    const remedy = 'Add the SCIM URL to the plugin, and name the file of the token in awsic_scim_token_file.'
    yield { weight: 'attention', code: 'scim_missing', says, remedy }
  }
}

function* findStaleness({ settings, state, now }: HealthFacts): Generator<Found> {
  const { lastSync, lastScan, scanFailure } = state
  if (lastSync?.success === false) {
    const remedy = lastSync.remedy ?? 'It is tried again by itself; the log of the gateway has more.'
    // Single objects that fail stop nobody else; they are told by themselves.
    const weight = state.errors.length > 0 ? 'note' : 'failing'
    yield { weight, code: 'last_sync', says: lastSync.says, remedy }
  }
  if (state.lease === undefined || state.lease.expiresAt + minute < now) {
    const says = 'No instance of the gateway holds the right to change AWS.'
    yield {
      weight: 'failing',
      code: 'no_holder',
      says,
      remedy: 'See that the gateway runs and reaches its database.',
    }
  }
  if (scanFailure !== undefined) {
    const says = `The last look at AWS broke off: ${scanFailure.says}`
    const remedy = 'It is read again by itself; the connection test says what is in the way.'
    yield { weight: 'attention', code: 'scan_failed', says, remedy }
  }
  if (lastScan === undefined) {
    const says = 'AWS was never read to the end, so nothing is known of it and nothing is changed.'
    const remedy = 'It is read by itself, which takes minutes; the connection test says what is in the way.'
    yield { weight: 'attention', code: 'never_read', says, remedy }
  } else if (now - lastScan.at > 3 * Math.max(lastScan.everyMs, settings.scanIntervalMs) + lastScan.tookMs) {
    const says = 'AWS was not read to the end for much longer than it should take.'
    const remedy = 'Look at the calls below: AWS may be throttling.'
    yield { weight: 'attention', code: 'stale', says, remedy }
  }
}

function* findPlanProblems(
  { settings }: HealthFacts,
  { plan, observation, closed = [] }: CurrentPlan,
): Generator<Found> {
  // Where nothing can be done about it, the plan says it alone.
  for (const { says, remedy, missing, stuck } of closed) {
    if (remedy === undefined) continue
    yield { weight: missing + stuck > 0 ? 'attention' : 'note', code: 'account_closed', says, remedy }
  }
  const held = plan.actions.filter(({ holds }) => holds.length > 0).length
  if (observation.doubts.size > 0) {
    const what = [...observation.doubts].sort().join(', ').replaceAll('_', ' ')
    const says = `The last look at AWS found far fewer ${what} than before; nothing is deleted because of it.`
    yield {
      weight: 'attention',
      code: 'doubtful_read',
      says,
      remedy: 'Look at AWS again; a second equal read is believed.',
    }
  }
  if (held > 0) {
    const says = `${count(held, 'action')} of the plan ${held === 1 ? 'waits' : 'wait'} for a person.`
    yield { weight: 'attention', code: 'held', says, remedy: 'Read the plan and agree to what is meant.' }
  }
  if (plan.setAside.length > 0) {
    const says = `${count(plan.setAside.length, 'user or list', 'users and lists')} cannot be told to AWS and ${plan.setAside.length === 1 ? 'is' : 'are'} left as they are.`
    yield { weight: 'attention', code: 'set_aside', says, remedy: 'The plan says what to mend for each.' }
  }
  const open = plan.drift.filter(({ action }) => action === undefined).length
  if (open > 0) {
    const says = `${count(open, 'change')} made in AWS by others ${open === 1 ? 'is' : 'are'} reported and left alone.`
    const remedy =
      settings.drift === 'report'
        ? 'Take them over here, undo them in AWS, or set drift: revert.'
        : 'The plan says why each is left alone.'
    yield { weight: 'attention', code: 'drift', says, remedy }
  }
}

function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`
}
