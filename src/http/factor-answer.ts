/** @module A second factor as the API shows it. */
import type { FactorAnswer } from '../api/contract.js'
import { formatInstant } from '../core/time.js'
import type { FactorView } from '../service/people/own-settings.js'

export function toFactorAnswer(factor: FactorView): FactorAnswer {
  const { id, kind, label, createdAt, lastUsedAt, isUsable, isSynced } = factor
  return {
    id,
    kind,
    label,
    createdAt: formatInstant(createdAt),
    ...(lastUsedAt !== undefined && { lastUsedAt: formatInstant(lastUsedAt) }),
    usable: isUsable,
    ...(isSynced !== undefined && { synced: isSynced }),
  }
}
