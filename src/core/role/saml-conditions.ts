/**
 * @module The conditions on an allowed sign-in: a trusted device and session MFA. Each role whose allow matches
 * adds its own, the cluster adds to all. Device trust of roles counts from v8 on; the cluster's counts always.
 */
import type { MfaMethod } from '../mfa/proof.js'
import { needOf, needsHardware, strictestNeed, suffices, type FactorNeed } from '../mfa/strength.js'
import { roleReason, type Reason } from './decision.js'
import type { ClusterAuthPreference, DeviceTrustMode, Role, SessionMfa } from './role.js'

/** What a session has proved for one sign-in. */
export interface SessionProof {
  /** The second factor that was given for this very sign-in. */
  readonly mfa: 'none' | MfaMethod
  /** Whether the person has one that counts as hardware; not where nobody looked. */
  readonly hardwareKey?: boolean
  readonly device: 'none' | 'trusted'
  /** Why a device that vouched does not count, to go on after "and". */
  readonly deviceShortfall?: string | undefined
}

export interface Conditions {
  readonly verdict: 'met' | 'mfa_needed' | 'mfa_unavailable' | 'device_untrusted'
  /** What the roles and the cluster ask for together. */
  readonly need: FactorNeed
  readonly reasons: readonly Reason[]
  /** A device that nothing requires is asked for, and none has vouched. */
  readonly asksDevice?: true
}

/** `matching` are the roles whose allow matches the service provider. */
export function judgeConditions(
  matching: readonly Role[],
  preference: Pick<ClusterAuthPreference, 'requireSessionMfa' | 'deviceTrustMode'>,
  session: SessionProof,
): Conditions {
  const reasons: Reason[] = []
  let needsDevice = false
  const deviceModes: DeviceTrustMode[] = []
  const needs: FactorNeed[] = []

  const readDevice = (mode: DeviceTrustMode): string | undefined => {
    // Users are humans here: required-for-humans spares machine users only.
    deviceModes.push(mode)
    if (mode === 'off' || mode === 'optional') return undefined
    needsDevice = true
    const missing = session.deviceShortfall ?? 'none has vouched for this sign-in'
    const state = session.device === 'trusted' ? 'one has vouched for this sign-in' : missing
    return `requires a trusted device (${mode}), and ${state}`
  }
  const readMfa = (mode: SessionMfa): string | undefined => {
    const need = needOf(mode)
    if (need === 'none') return undefined
    needs.push(need)
    const by = needsHardware(need) ? ` by ${mode}` : ''
    if (suffices(session.mfa, need)) return `requires session MFA${by}, and it was given`
    if (needsHardware(need) && !session.hardwareKey) {
      return `requires session MFA${by}, and the person has no key that counts: nothing else replaces it`
    }
    return `requires session MFA${by}, not given yet for this sign-in`
  }

  for (const role of matching) {
    const device = role.version === 'v8' ? readDevice(role.options.deviceTrustMode) : undefined
    if (device !== undefined) reasons.push(roleReason(role, 'device_trust_mode', 'requires', device))
    const mfa = readMfa(role.options.requireSessionMfa)
    if (mfa !== undefined) reasons.push(roleReason(role, 'require_session_mfa', 'requires', mfa))
  }
  const device = readDevice(preference.deviceTrustMode)
  if (device !== undefined) reasons.push(clusterReason('device_trust_mode', device))
  const mfa = readMfa(preference.requireSessionMfa)
  if (mfa !== undefined) reasons.push(clusterReason('require_session_mfa', mfa))

  // Refusals before the step-up: nobody should prove a factor only to be turned away.
  const need = strictestNeed(needs)
  if (needsDevice && session.device !== 'trusted') return { verdict: 'device_untrusted', need, reasons }
  const vouched = session.device === 'trusted' || session.deviceShortfall !== undefined
  const asks = deviceModes.includes('optional') && !vouched ? ({ asksDevice: true } as const) : {}
  if (suffices(session.mfa, need)) return { verdict: 'met', need, reasons, ...asks }
  if (needsHardware(need) && !session.hardwareKey) return { verdict: 'mfa_unavailable', need, reasons }
  return { verdict: 'mfa_needed', need, reasons, ...asks }
}

function clusterReason(rule: string, says: string): Reason {
  return { rule, effect: 'requires', says: `The cluster ${says}.` }
}
