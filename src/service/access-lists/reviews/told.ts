/**
 * @module What owners and the audit log were told of reviews that are due, as a note: lists whose review is not near are
 * not in it, and those that are gone leave it with the next thing that is told.
 */
import { z } from 'zod'
import type { Told } from '../../../core/access-list/review-reminders.js'
import type { NoteStore } from '../../../store/store.js'

const noteName = 'access-list-reminders'

const effect = z.enum(['nothing', 'frozen', 'grants_removed'])
/** Entries, since lists may have any name. */
const noteForm = z.array(
  z.object({
    list: z.string(),
    dueAt: z.number(),
    reminder: z.number().optional(),
    announced: effect,
    recorded: effect,
  }),
)

/** By name of the list. */
export async function readTold(notes: Pick<NoteStore, 'find'>): Promise<ReadonlyMap<string, Told>> {
  const found = await notes.find(noteName)
  const entries = found === undefined ? [] : noteForm.parse(found)
  return new Map(entries.map(({ list, ...told }) => [list, { ...told, reminder: told.reminder }]))
}

export async function writeTold(
  notes: Pick<NoteStore, 'put'>,
  told: ReadonlyMap<string, Told>,
): Promise<void> {
  const entries = [...told].map(([list, one]) => ({ list, ...one }))
  await notes.put(noteName, entries satisfies z.input<typeof noteForm>)
}
