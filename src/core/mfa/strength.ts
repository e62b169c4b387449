/**
 * @module How strong a second factor is: what `require_session_mfa` asks for, what a proof was given by, and whether the
 * one is enough for the other. A key counts as hardware where its maker was vouched for when it was enrolled and it
 * cannot leave its device; every use of a passkey tells of a touch (user presence), and only some of a PIN, finger or
 * face (user verification; WebAuthn Level 3 §6.1).
 */
import type { SessionMfa } from '../role/role.js'
import type { MfaMethod } from './proof.js'

/** What is asked for, each more than the one before. `factor`: any second factor, a code or a passkey. */
export const factorNeeds = ['none', 'factor', 'hardware_key', 'hardware_key_pin'] as const
export type FactorNeed = (typeof factorNeeds)[number]

/** What somebody has to give it with. */
export interface FactorMeans {
  readonly any: boolean
  readonly hardwareKey: boolean
}

/** A touch is part of every use of a key, so that asking for one asks for nothing more. */
const needs: Readonly<Record<SessionMfa, FactorNeed>> = {
  off: 'none',
  session: 'factor',
  hardware_key: 'hardware_key',
  hardware_key_touch: 'hardware_key',
  hardware_key_pin: 'hardware_key_pin',
  hardware_key_touch_and_pin: 'hardware_key_pin',
}

const strengths: Readonly<Record<MfaMethod, FactorNeed>> = {
  totp: 'factor',
  passkey: 'factor',
  hardware_key: 'hardware_key',
  hardware_key_pin: 'hardware_key_pin',
}

export function needOf(mode: SessionMfa): FactorNeed {
  return needs[mode]
}

export function strictestNeed(all: readonly FactorNeed[]): FactorNeed {
  return factorNeeds.findLast((need) => all.includes(need)) ?? 'none'
}

/** Whether a key is asked for, and no other factor will do. */
export function needsHardware(need: FactorNeed): boolean {
  return need === 'hardware_key' || need === 'hardware_key_pin'
}

/** Whether what was given is enough. */
export function suffices(method: MfaMethod | 'none', need: FactorNeed): boolean {
  const given = method === 'none' ? 'none' : strengths[method]
  return factorNeeds.indexOf(given) >= factorNeeds.indexOf(need)
}

/** Whether somebody can give it. */
export function canGive(means: FactorMeans, need: FactorNeed): boolean {
  if (need === 'none') return true
  return needsHardware(need) ? means.hardwareKey : means.any
}

interface KnownKey {
  readonly attestation: 'none' | 'trusted'
  readonly backupEligible: boolean
}

/** `allowedCas`: those whom the cluster believes now; without any nothing counts as hardware. */
export function isHardwareKey(
  { attestation, backupEligible }: KnownKey,
  allowedCas: readonly string[] | undefined,
): boolean {
  return attestation === 'trusted' && !backupEligible && (allowedCas?.length ?? 0) > 0
}

/** What the use of a passkey proves. */
export function methodOf(isHardware: boolean, userVerified: boolean): MfaMethod {
  if (!isHardware) return 'passkey'
  return userVerified ? 'hardware_key_pin' : 'hardware_key'
}

/** The need as a noun in a sentence. */
export function nameNeed(need: Exclude<FactorNeed, 'none'>): string {
  if (need === 'factor') return 'a fresh second factor'
  return need === 'hardware_key' ? 'a hardware key' : 'a hardware key and its PIN'
}
