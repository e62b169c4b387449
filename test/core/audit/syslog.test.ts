import { describe, expect, test } from 'vitest'
import { formatSyslog, frameSyslog, severityOf } from '../../../src/core/audit/syslog.js'

const header = { facility: 'local3', hostname: 'gate house', appName: 'gatehouse', maxBytes: 500 } as const
const record = {
  msgId: 'user.login',
  at: 1_800_000_000_000,
  code: 'T1000I',
  success: true,
  data: [['uid', 'a"b]c\\d\ne']],
  body: '{}',
} as const
const text = (bytes: Uint8Array) => new TextDecoder('utf8', { ignoreBOM: true }).decode(bytes)

describe('a syslog message', () => {
  test('has what RFC 5424 asks for, escaped', () => {
    expect(text(formatSyslog(header, record))).toBe(
      '<158>1 2027-01-15T08:00:00.000Z gatehouse gatehouse - user.login [gatehouse@32473 uid="a\\"b\\]c\\\\d e"] \uFEFF{}',
    )
  })

  test('that is too long says so as JSON, within the limit', () => {
    const long = formatSyslog(header, { ...record, data: [['uid', 'u']], body: `{"a":"${'é'.repeat(500)}"}` })
    expect(long.length).toBeLessThanOrEqual(500)
    const [, body = ''] = text(long).split('\uFEFF')
    expect(JSON.parse(body)).toEqual({ uid: 'u', code: 'T1000I', event: 'user.login', left_out_bytes: 1008 })
    expect(text(long)).toContain('truncated="true"')
  })

  test('is framed by its octets, not its characters', () => {
    expect(text(frameSyslog(new TextEncoder().encode('é!')))).toBe('3 é!')
  })

  test.each([
    ['TAIC001E', false, 'error'],
    ['T1000W', false, 'warning'],
    ['TSI000I', false, 'notice'],
    ['T1000I', true, 'informational'],
    [undefined, true, 'informational'],
  ] as const)('of %s with success %s is %s', (code, success, severity) => {
    expect(severityOf(code, success)).toBe(severity)
  })
})
