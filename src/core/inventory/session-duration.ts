/** @module How long sessions of a permission set last, as AWS writes it: a duration of ISO 8601, such as `PT8H`. */
import { hour, minute, second, type DurationMs } from '../time.js'

/** Hours, minutes and whole seconds, at least one of them; AWS allows 1 to 12 hours and writes nothing else. */
const form = /^PT(?=\d)(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?$/

/** Undefined where it is something else, or nothing at all. */
export function parseSessionDuration(text: string): DurationMs | undefined {
  const parts = form.exec(text)
  if (parts === null) return undefined
  const [, hours = '0', minutes = '0', seconds = '0'] = parts
  const total = Number(hours) * hour + Number(minutes) * minute + Number(seconds) * second
  return total === 0 ? undefined : total
}
