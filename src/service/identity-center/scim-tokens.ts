/**
 * @module The SCIM tokens of a plugin as people see them: never the token, only its slot, its age and its end. AWS does
 * not tell when a token ends, so what a person said is what counts; warnings begin 90 days before.
 */
import type { ScimAnswer } from '../../api/contract/identity-center-scim.js'
import { tokensInOrder } from '../../core/identity-center/scim-token-order.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import { day, formatInstant, type Instant } from '../../core/time.js'
import type { ScimToken } from '../../store/store.js'

/** From then on AWS warns, too. */
export const warnAheadMs = 90 * day

/** What is bound into a sealed token, so that a row moved to another plugin or slot does not open. */
export function scimTokenContext(plugin: string, slot: 1 | 2): string {
  return `scim token ${plugin} ${slot}`
}

export function describeScim(
  settings: Pick<PluginSettings, 'scimBaseUrl'>,
  tokens: readonly ScimToken[],
  now: Instant,
): ScimAnswer {
  const [used] = tokensInOrder(tokens, now)
  const shown = [...tokens].sort((a, b) => a.slot - b.slot)
  return {
    ...(settings.scimBaseUrl !== undefined && { baseUrl: settings.scimBaseUrl }),
    tokens: shown.map((token) => ({
      slot: token.slot,
      inUse: token.slot === used?.slot,
      addedAt: formatInstant(token.addedAt),
      addedBy: token.addedBy,
      expiresAt: formatInstant(token.expiresAt),
      daysLeft: daysLeft(token, now),
      state: stateOf(token, now),
    })),
    warnings: [...listWarnings(settings, shown, used, now)],
  }
}

export function daysLeft({ expiresAt }: Pick<ScimToken, 'expiresAt'>, now: Instant): number {
  return Math.max(0, Math.floor((expiresAt - now) / day))
}

export function stateOf(token: ScimToken, now: Instant): 'ok' | 'expiring' | 'expired' | 'refused' {
  if (token.refusedAt !== undefined) return 'refused'
  if (token.expiresAt <= now) return 'expired'
  return token.expiresAt - now <= warnAheadMs ? 'expiring' : 'ok'
}

function* listWarnings(
  { scimBaseUrl }: Pick<PluginSettings, 'scimBaseUrl'>,
  tokens: readonly ScimToken[],
  used: ScimToken | undefined,
  now: Instant,
): Generator<string> {
  const renew =
    'make another one in Identity Center (Settings, Automatic provisioning, Access tokens), add it here, then delete the old one in both places'
  if (scimBaseUrl === undefined) yield 'No SCIM URL is known: users and groups cannot be written.'
  if (tokens.length === 0) yield 'No SCIM token is stored: users and groups cannot be written.'
  for (const token of tokens) {
    const state = stateOf(token, now)
    if (state === 'refused') yield `AWS refused the token in slot ${token.slot}: ${renew}.`
    if (state === 'expired') yield `The token in slot ${token.slot} has ended: ${renew}.`
    if (state === 'expiring' && token.slot === used?.slot) {
      yield `The token in slot ${token.slot} ends in ${sayTime(daysLeft(token, now))}: ${renew}.`
    }
  }
}

function sayTime(days: number): string {
  if (days < 1) return 'less than a day'
  if (days < 14) return `${days} ${days === 1 ? 'day' : 'days'}`
  return `${Math.floor(days / 7)} weeks`
}
