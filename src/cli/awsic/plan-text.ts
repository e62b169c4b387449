/**
 * @module A plan in lines for whoever reads it at three in the morning: what waits and why, who loses and who gains,
 * and what to type next. Pure; the words about single changes are the gateway's own.
 */
import type { PlanAnswer } from '../../api/contract.js'
import { formatTable } from '../table.js'

type Action = PlanAnswer['actions'][number]
type Effect = PlanAnswer['effects'][number]

/** How many changes that go on by themselves are listed; the page and `--all` show every one. */
const shownActions = 30

export interface PlanView {
  /** All of those asked for, of every page. */
  readonly actions: readonly Action[]
  readonly more: boolean
  /** ` --plugin NAME` where it has to be typed. */
  readonly flags: string
}

/** The whole plan. */
export function describePlan(plan: PlanAnswer, view: PlanView): string[] {
  const held = view.actions.filter(waits)
  const free = view.actions.filter((action) => !waits(action))
  return [
    ...describeHead(plan),
    ...section(
      'Changes:',
      plan.counts.length === 0 ? [] : formatTable(['What', 'All', 'Waiting'], plan.counts.map(countRow)),
    ),
    ...section('These wait for a person:', held.flatMap(describeAction)),
    ...section('These go on by themselves:', describeFree(free, plan.total - held.length)),
    ...describeEffects(plan),
    ...section(
      'Found in AWS and not from here:',
      plan.drift.map(({ says, reverted }) => `${says}${reverted ? '' : ' (only reported)'}`),
    ),
    ...section(
      'Left out, everything else goes on:',
      plan.setAside.flatMap(({ kind, name, says, remedy }) => [
        `${kind} ${name}: ${says}`,
        `  do: ${remedy}`,
      ]),
    ),
    ...section('Good to know:', plan.notes),
    ...section('Next:', nextSteps(plan, view.flags)),
  ]
}

/** What somebody is about to agree to: the changes that wait, and whom they hit. */
export function describeHeld(plan: PlanAnswer, actions: readonly Action[]): string[] {
  return [
    ...section('These wait for a person:', actions.filter(waits).flatMap(describeAction)),
    ...describeEffects({ ...plan, effects: plan.effects.filter(({ held }) => held), moreEffects: 0 }),
  ]
}

export function countHeld({ counts }: Pick<PlanAnswer, 'counts'>): number {
  return counts.reduce((sum, { held }) => sum + held, 0)
}

function waits({ holds, approvedBy }: Action): boolean {
  return holds.length > 0 && approvedBy === undefined
}

function describeHead({ readAt, madeAt, sync, counts, unfinished, restored }: PlanAnswer): string[] {
  const all = counts.reduce((sum, count) => sum + count.all, 0)
  const seen = readAt === undefined ? 'AWS was not read to the end yet' : `AWS read to the end at ${readAt}`
  const state =
    sync === 'paused'
      ? 'The sync is paused: nothing changes in AWS until "gatehouse awsic apply".'
      : 'The sync is active: what does not wait is done without being asked.'
  const done = 'Nothing to do: Identity Center is as it should be.'
  const size = all === 0 ? (unfinished?.says ?? done) : `${plural(all, 'change')} planned.`
  const planned = `Planned at ${madeAt}; ${seen}.`
  if (restored === undefined) return [size, planned, state]
  const waits = `Restored from a backup of ${restored.backupAt}: nothing changes in AWS until the plan is released.`
  return [size, planned, waits]
}

function countRow({ says, all, held }: PlanAnswer['counts'][number]): string[] {
  return [says, String(all), held === 0 ? '' : String(held)]
}

function describeAction({ says, because, attributes, holds, key }: Action): string[] {
  return [
    `* ${says}`,
    ...describeAttributes(attributes),
    `    because: ${because}`,
    ...holds.map((hold) => `    waits: ${hold.says}`),
    ...(holds.length === 0 ? [] : [`    key: ${key}`]),
  ]
}

/** `    given name: "Ada" -> "Adah"`. */
function describeAttributes(attributes: Action['attributes'] = []): string[] {
  return attributes.map(
    ({ attribute, from, to }) =>
      `    ${attribute}: ${from === undefined ? 'nothing' : JSON.stringify(from)} -> ${JSON.stringify(to)}`,
  )
}

function describeFree(actions: readonly Action[], total: number): string[] {
  const shown = actions.slice(0, shownActions)
  const left = total - shown.length
  return [
    ...shown.flatMap(({ says, because, attributes, approvedBy }) => [
      approvedBy === undefined ? `* ${says} (${because})` : `* ${says} (approved by ${approvedBy})`,
      ...describeAttributes(attributes),
    ]),
    ...(left > 0 ? [`and ${left} more; see "gatehouse awsic plan --json"`] : []),
  ]
}

const changes = [
  ['loses', 'Who would lose access:', '-'],
  ['moves', 'Who keeps access by another way:', '~'],
  ['gains', 'Who would gain access:', '+'],
] as const

function describeEffects({ effects, moreEffects }: PlanAnswer): string[] {
  const lines = changes.flatMap(([change, title, mark]) =>
    section(
      title,
      effects
        .filter((effect) => effect.change === change)
        .map((effect) => `${mark} ${describeEffect(effect)}`),
    ),
  )
  return moreEffects > 0 ? [...lines, `  and ${plural(moreEffects, 'more effect')}`] : lines
}

function describeEffect({ person, permissionSet, account, through, held }: Effect): string {
  return `${person}: ${permissionSet} in ${account}, ${through}${held ? ' (waits)' : ''}`
}

function nextSteps(plan: PlanAnswer, flags: string): string[] {
  const held = countHeld(plan)
  const all = plan.counts.reduce((sum, count) => sum + count.all, 0)
  return [
    ...(plan.restored !== undefined
      ? [`gatehouse awsic release${flags}         agree to the whole plan, and let the sync go on`]
      : []),
    ...(held > 0 && plan.restored === undefined
      ? [
          `gatehouse awsic plan --held${flags}     only the ${plural(held, 'change')} that wait`,
          `gatehouse awsic approve${flags}         agree to exactly these; the others need no agreement`,
        ]
      : []),
    ...(plan.sync === 'paused'
      ? [`gatehouse awsic apply --watch${flags}   switch the sync on and follow it`]
      : all > held
        ? [`gatehouse awsic status --watch${flags}  follow the changes`]
        : []),
    ...(plan.setAside.length > 0
      ? [`gatehouse awsic status${flags}          what is left out, with what to do`]
      : []),
  ]
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]
}

/** `1 change`, `2 changes`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
