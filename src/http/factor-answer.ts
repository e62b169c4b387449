/** @module A second factor as the API shows it. */
import type { FactorAnswer } from '../api/contract.js'
import { formatInstant } from '../core/time.js'
import type { FactorView } from '../service/people/own-settings.js'

export function toFactorAnswer({ id, label, createdAt, lastUsedAt }: FactorView): FactorAnswer {
  return {
    id,
    kind: 'totp',
    label,
    createdAt: formatInstant(createdAt),
    ...(lastUsedAt !== undefined && { lastUsedAt: formatInstant(lastUsedAt) }),
  }
}
