/**
 * @module The conditions on an allowed sign-in: a trusted device and session MFA. Each role whose allow matches
 * adds its own, the cluster adds to all. Device trust of roles counts from v8 on; the cluster's counts always.
 */
import { roleReason, type Reason } from './decision.js'
import type { ClusterAuthPreference, DeviceTrustMode, Role, SessionMfa } from './role.js'

/** What a session has proved for one sign-in. */
export interface SessionProof {
  /** A second factor, by TOTP, given for this very sign-in. */
  readonly mfa: boolean
  readonly device: 'none' | 'trusted'
  /** Why a device that vouched does not count, to go on after "and". */
  readonly deviceShortfall?: string | undefined
}

export interface Conditions {
  readonly verdict: 'met' | 'mfa_needed' | 'mfa_unavailable' | 'device_untrusted'
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
  let needsMfa = false
  let needsHardwareKey = false

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
    if (mode === 'off') return undefined
    needsMfa = true
    if (mode !== 'session') {
      needsHardwareKey = true
      return `requires session MFA by ${mode}, which this gateway cannot check: a code does not replace it`
    }
    return `requires session MFA, ${session.mfa ? 'and it was given' : 'not given yet for this sign-in'}`
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
  if (needsDevice && session.device !== 'trusted') return { verdict: 'device_untrusted', reasons }
  if (needsHardwareKey) return { verdict: 'mfa_unavailable', reasons }
  const vouched = session.device === 'trusted' || session.deviceShortfall !== undefined
  return {
    verdict: needsMfa && !session.mfa ? 'mfa_needed' : 'met',
    reasons,
    ...(deviceModes.includes('optional') && !vouched && { asksDevice: true }),
  }
}

function clusterReason(rule: string, says: string): Reason {
  return { rule, effect: 'requires', says: `The cluster ${says}.` }
}
