/** @module What the audit events of devices say of one. No key, token, code or signature is a field. */
import type { AuditFacts } from '../../core/audit/event.js'
import type { Device } from '../../core/device/device.js'
import type { DeviceChallenge } from '../../store/store.js'

/** With the names of the reference product: `device` for those who read theirs, flat ones for sentences. */
export function deviceFields({ name, assetTag, osType }: Device): NonNullable<AuditFacts['fields']> {
  return {
    name,
    asset_tag: assetTag,
    device: { device_id: name, asset_tag: assetTag, os_type: osType },
  }
}

/** The sign-in that a device is asked to vouch for. */
export function challengeFields(challenge: DeviceChallenge): NonNullable<AuditFacts['fields']> {
  return {
    service_provider_entity_id: challenge.entityId,
    service_provider_name: challenge.serviceProvider,
    web_session_id: challenge.sessionId,
    proof: challenge.way,
    'browser.addr': challenge.address,
    'browser.user_agent': challenge.userAgent,
  }
}
