/**
 * @module What becomes of a store that was filled from a backup, before it counts: nothing that was ended since comes to
 * life, no mail of that time is sent, and every plugin is held until a person has seen its plan.
 */
import { droppedAtRestore } from '../core/backup/after-restore.js'
import { noteNames } from '../core/identity-center/note-names.js'
import type { Instant } from '../core/time.js'
import type { FillableStore } from '../store/whole-store.js'

export interface Settled {
  readonly plugins: readonly string[]
  readonly dropped: number
  readonly messages: number
  /** Lines about what may live again. */
  readonly revived: readonly string[]
  readonly fields: Readonly<Record<string, number | readonly string[]>>
}

/** Drops what must not live again, and holds every plugin until a person has seen its plan. */
export async function settleRestored(
  store: FillableStore,
  backupAt: Instant,
  restoredAt: Instant,
): Promise<Settled> {
  const { aggregates } = store
  let dropped = 0
  for (const { name } of store.tables) {
    if (name in droppedAtRestore) dropped += await store.clear(name)
  }
  const messages = await store.clear('outbox_message', { column: 'state', value: 'waiting' })
  const plugins = (await aggregates.resources.list('plugin')).map(({ name }) => name)
  for (const plugin of plugins) {
    const { notes } = aggregates
    await notes.put(noteNames.restored(plugin), { backupAt, restoredAt })
    // What was read of AWS is forgotten, and that this installation has worked there is not.
    const reading = await notes.find(noteNames.reading(plugin))
    if (isRecord(reading)) {
      const { mark, mayAskByPrincipal, firstDoneAt } = reading
      await notes.put(noteNames.reading(plugin), { mark, mayAskByPrincipal, firstDoneAt })
    }
    for (const note of [noteNames.progress, noteNames.job, noteNames.wish]) await notes.delete(note(plugin))
  }
  const tokens = (await aggregates.tokens.list()).map(({ name }) => name)
  const scim = await countOf(store, 'scim_token')
  const directory = await countOf(store, 'directory_token')
  return {
    plugins,
    dropped,
    messages,
    revived: describeRevived(tokens, scim, directory),
    fields: { dropped, messages, plugins, tokens: tokens.length, scim_tokens: scim + directory },
  }
}

/** What a person may have withdrawn after the backup: it works again, and only a person knows. */
function describeRevived(tokens: readonly string[], scim: number, directory: number): string[] {
  const lines: string[] = []
  if (tokens.length > 0) {
    const named = tokens.slice(0, 20).join(', ')
    const more = tokens.length > 20 ? ` and ${tokens.length - 20} more` : ''
    lines.push(`API tokens that work again, also those deleted or rotated after the backup: ${named}${more}.`)
  }
  if (scim > 0) {
    lines.push(
      `SCIM tokens of AWS as of the backup: ${scim}; one that was replaced since is refused, store the new one.`,
    )
  }
  if (directory > 0) {
    lines.push(
      `Tokens of directories that push people here: ${directory}; delete those that were withdrawn since.`,
    )
  }
  lines.push(
    'As of the backup are also passwords, passkeys, authenticators, locks, people and roles; devices that were removed',
    'since are trusted again, and access requests that were revoked since run on until they end: look at the changes since.',
  )
  return lines
}

async function countOf(store: FillableStore, table: string): Promise<number> {
  const shape = store.tables.find(({ name }) => name === table)
  let count = 0
  if (shape !== undefined) for await (const rows of store.rows(shape)) count += rows.length
  return count
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
