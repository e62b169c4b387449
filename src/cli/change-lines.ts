/** @module Changes of resources in lines for a terminal: what was done, the difference in colour, what follows. */
import type { ChangeAnswer } from '../api/contract.js'
import type { CliSurroundings } from './cli.js'
import { printable } from './printable.js'

const done = { create: 'created', update: 'updated', delete: 'deleted', none: 'unchanged' } as const
const wouldBe = {
  create: 'would be created',
  update: 'would be updated',
  delete: 'would be deleted',
  none: 'unchanged',
} as const

/** `role "x" created`, and below it, indented, what the gateway says about it. */
export function describeChange(change: ChangeAnswer, { dryRun }: { readonly dryRun: boolean }): string[] {
  const { action, kind, name, notes } = change
  const verb = (dryRun ? wouldBe : done)[action]
  return [`${kind} "${name}" ${verb}`, ...notes.map((note) => `  ${note}`)].map((line) => printable(line))
}

/** Whether to write in colour: for people only, and not for those who do not want it (https://no-color.org). */
export function wantsColor({ env, outIsTerminal }: CliSurroundings): boolean {
  return outIsTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
}

const colors = { '+': '32', '-': '31', '@': '36' } as const

/** The lines of a unified diff, safe to show. */
export function formatDiff(diff: string, { color }: { readonly color: boolean }): string[] {
  if (diff === '') return []
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .map((text) => {
      const line = printable(text)
      const sign = line.slice(0, 1)
      const code = sign === '+' || sign === '-' || sign === '@' ? colors[sign] : undefined
      return color && code !== undefined ? `\u001b[${code}m${line}\u001b[0m` : line
    })
}
