/** @module Words for states of Identity Center: health, steps, verdicts, kinds. A word always stands beside a colour. */
import type { IntegrationsAnswer, PreflightAnswer, SetupAnswer } from '../../api/contract/identity-center.js'
import type { PlanAnswer } from '../../api/contract/identity-center-plan.js'
import type { SetUpStep } from '../path-builder.js'

export type Health = IntegrationsAnswer['items'][number]['health']
type Badge = { readonly text: string; readonly color: 'green' | 'amber' | 'red' | 'gray' | 'petrol' }

export const healthWords: Readonly<Record<Health, Badge>> = {
  setting_up: { text: 'being set up', color: 'petrol' },
  healthy: { text: 'healthy', color: 'green' },
  attention: { text: 'needs attention', color: 'amber' },
  failing: { text: 'failing', color: 'red' },
  paused: { text: 'paused', color: 'gray' },
}

export const stepTitles: Readonly<Record<SetUpStep, string>> = {
  connect: 'Connect AWS',
  preview: 'Preview and import',
  identity_source: 'Identity source',
  scim: 'SCIM',
  plan: 'First plan',
  access: 'Access',
  start: 'Start page',
}

export const stepStates: Readonly<Record<SetupAnswer['steps'][number]['state'], string>> = {
  done: 'done',
  current: 'to do now',
  waiting: 'waits',
  attention: 'needs attention',
}

type Verdict = PreflightAnswer['users'][number]['verdict']
export const verdictWords: Readonly<Record<Verdict, Badge>> = {
  would_lose_access: { text: 'would lose access', color: 'red' },
  duplicate: { text: 'duplicate', color: 'red' },
  missing_attribute: { text: 'attribute missing', color: 'amber' },
  different_case: { text: 'written differently', color: 'amber' },
  roles_refuse: { text: 'roles refuse', color: 'red' },
  no_password: { text: 'no password yet', color: 'red' },
  no_gatehouse_user: { text: 'no user here', color: 'amber' },
  inactive: { text: 'inactive', color: 'gray' },
  ok: { text: 'fine', color: 'green' },
}

type Change = PlanAnswer['effects'][number]['change']
export const changeWords: Readonly<Record<Change, Badge>> = {
  gains: { text: 'gains', color: 'green' },
  loses: { text: 'loses', color: 'red' },
  moves: { text: 'keeps, another way', color: 'gray' },
}

/** Advice on how long a token is still good, for its badge; undefined where there is no hurry. */
export function daysLeftBadge(daysLeft: number): Badge | undefined {
  if (daysLeft <= 0) return { text: 'expired', color: 'red' }
  if (daysLeft <= 14) return { text: `${daysLeft} days left`, color: 'red' }
  return daysLeft <= 90 ? { text: `${daysLeft} days left`, color: 'amber' } : undefined
}

/** Share of the work that is done, in percent; undefined where the whole is not known. */
export function percentDone({
  done,
  total,
}: {
  done: number
  total?: number | undefined
}): number | undefined {
  if (total === undefined || total === 0) return undefined
  return Math.min(100, Math.floor((done / total) * 100))
}

/** A plan that was begun and not done to its end: it is never told as applied. */
export function isCutShort({
  kind,
  done,
  total,
}: {
  kind: string
  done: number
  total?: number | undefined
}): boolean {
  return kind === 'apply' && total !== undefined && done < total
}

/** Words of the server as a whole sentence: some have no full stop. */
export function endSentence(says: string): string {
  return says === '' || /[.!?]$/.test(says) ? says : `${says}.`
}

/** "Apply 12 changes": the name of what a button does. */
export function applyLabel({ all, held }: { all: number; held: number }): string {
  const now = all - held
  if (now === 0) return all === 0 ? 'Switch the sync on' : 'Switch the sync on, keep what is held'
  return `Apply ${now.toLocaleString('en')} ${now === 1 ? 'change' : 'changes'}`
}

/** Rows of a page in groups of the same key, in the order in which keys first come. */
export function groupRows<T>(rows: readonly T[], keyOf: (row: T) => string): { key: string; rows: T[] }[] {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups].map(([key, of]) => ({ key, rows: of }))
}
