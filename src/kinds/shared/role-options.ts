/**
 * @module Options that roles and `cluster_auth_preference` share: limits of sessions, session MFA and device trust.
 */
import { requestTimes } from '../../core/access-request/access-request.js'
import type { DeviceTrustMode, SessionMfa } from '../../core/role/role.js'
import { wordSchema } from '../../api/resource/field-schemas.js'
import { durationFrom, durationOrNeverFrom, readField } from '../../api/resource/fields.js'
import { minIdleTimeoutMs, minSessionTtlMs } from '../../core/role/session-limits.js'

/** Shorter ones would end before anybody, administrators among them, had done anything. */
export const sessionTtl = durationFrom(minSessionTtlMs)
export const idleTimeout = durationOrNeverFrom(minIdleTimeoutMs)
/** How long an access request waits. */
export const requestWait = durationFrom(requestTimes.pending.shortest)

// In the order of the numbers that the reference product writes for them.
const sessionMfaModes: readonly SessionMfa[] = [
  'off',
  'session',
  'hardware_key',
  'hardware_key_touch',
  'hardware_key_pin',
  'hardware_key_touch_and_pin',
]

/** `require_session_mfa`: yes or no, a mode by name, or its number. */
export const sessionMfa = readField(
  (value, report): SessionMfa => {
    const word = typeof value === 'string' ? value.toLowerCase() : value
    if (word === false || word === 'no' || word === 'false' || word === '') return 'off'
    if (word === true || word === 'yes' || word === 'true' || word === 'on') return 'session'
    const mode =
      typeof word === 'number' ? sessionMfaModes[word] : sessionMfaModes.find((one) => one === word)
    if (mode !== undefined) return mode
    report(`must be yes, no or one of ${sessionMfaModes.join(', ')}`)
    return 'off'
  },
  wordSchema(
    [...sessionMfaModes, 'yes', 'no', 'true', 'false', 'on', ''],
    { type: 'boolean' },
    { type: 'integer', minimum: 0, maximum: sessionMfaModes.length - 1 },
  ),
)

const deviceTrustModes: readonly DeviceTrustMode[] = ['off', 'optional', 'required', 'required-for-humans']

/** `device_trust_mode`; an unquoted `off` is false to some YAML writers. */
export const deviceTrustMode = readField(
  (value, report): DeviceTrustMode => {
    if (value === false || value === '') return 'off'
    const mode = deviceTrustModes.find((one) => one === value)
    if (mode !== undefined) return mode
    report(`must be one of ${deviceTrustModes.join(', ')}`)
    return 'off'
  },
  { enum: [...deviceTrustModes, '', false] },
)
