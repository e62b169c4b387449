import { describe, expect, test } from 'vitest'
import { auditCodes, buildEvent, type AuditEventName } from '../../../src/core/audit/event.js'
import { toOcsf } from '../../../src/core/audit/ocsf.js'

const envelope = { clusterName: 'gate', uid: '5f7116c9-e57b-4c1e-9d1a-0b6d1f2a7c11', now: 1_800_000_000_000 }
const place = { sequence: 7, hash: 'abc' }
const names = Object.keys(auditCodes) as AuditEventName[]

describe('an event in OCSF', () => {
  test('of a sign-in is Authentication: Logon', () => {
    const fields = {
      'addr.remote': '192.0.2.1',
      user_agent: 'curl',
      request_id: 'r',
      method: 'local',
      error: 'no',
    }
    const event = buildEvent({ event: 'user.login', success: false, user: 'alice', fields }, envelope)
    expect(toOcsf(event, place)).toMatchObject({
      class_uid: 3002,
      category_uid: 3,
      activity_id: 1,
      type_uid: 300_201,
      status_id: 2,
      status_detail: 'no',
      severity_id: 2,
      time: 1_800_000_000_000,
      user: { name: 'alice', type_id: 1 },
      actor: { user: { name: 'alice' } },
      src_endpoint: { ip: '192.0.2.1' },
      http_request: { user_agent: 'curl' },
      service: { name: 'gate' },
      metadata: {
        sequence: 7,
        uid: envelope.uid,
        event_code: 'T1000W',
        version: '1.3.0',
        correlation_uid: 'r',
      },
      unmapped: { chain_hash: 'abc', event: 'user.login', method: 'local' },
    })
  })

  test.each(names)('%s has what every class asks for, and loses no field', (name) => {
    const fields = { name: 'x', updated_by: 'bob', odd: { a: [1] } }
    const event = buildEvent({ event: name, success: true, user: 'alice', fields }, envelope)
    const record = toOcsf(event, place) as Record<string, unknown> & { unmapped: Record<string, unknown> }
    for (const key of [
      'activity_id',
      'category_uid',
      'class_uid',
      'type_uid',
      'time',
      'severity_id',
      'metadata',
    ]) {
      expect(record[key], key).toBeDefined()
    }
    expect(record['type_uid']).toBe(Number(record['class_uid']) * 100 + Number(record['activity_id']))
    const needs = {
      3001: ['user'],
      3002: ['user', 'service'],
      3004: ['entity'],
      3005: ['privileges', 'user'],
      3006: ['group'],
      6003: ['api', 'actor'],
    }[String(record['class_uid'])]
    expect(needs).toBeDefined()
    for (const key of needs ?? []) expect(record[key], key).toBeDefined()
    expect(record['actor']).toMatchObject({ user: { name: 'bob' } })
    expect(record.unmapped).toMatchObject({ odd: { a: [1] }, event: name })
  })

  test('of a later version is API activity', () => {
    const event = {
      ...buildEvent({ event: 'user.login', success: true }, envelope),
      event: 'new.thing' as AuditEventName,
    }
    expect(toOcsf(event, place)).toMatchObject({ class_uid: 6003, activity_id: 99 })
  })
})
