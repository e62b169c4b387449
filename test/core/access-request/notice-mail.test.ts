import { describe, expect, test } from 'vitest'
import type { AccessRequest, RequestState } from '../../../src/core/access-request/access-request.js'
import {
  endNoticeAt,
  writeRequestMail,
  type RequestNotice,
} from '../../../src/core/access-request/notice-mail.js'
import { hour, minute } from '../../../src/core/time.js'
import { activeRequest, adminOnProd, item, now, readOnDev, request } from './build.js'

const items = [item(adminOnProd), item(readOnDev)]
const active = activeRequest(items)
const names = ['Admin on production', 'ReadOnly on development']
const write = (notice: RequestNotice, value: AccessRequest, shown: readonly string[] = names) =>
  writeRequestMail(notice, value, {
    to: 'rita@example.com',
    items: shown,
    publicUrl: 'https://gate.example.com',
    clusterName: 'gate',
  })
const step = (state: RequestState, by: string, says = ''): AccessRequest => ({
  ...request(items),
  state,
  timeline: [{ at: now, by, what: state === 'pending' ? 'created' : state, says }],
})

describe('the mail', () => {
  test.each([
    ['approved', 'rolf', 'Your access request was approved by rolf'],
    ['denied', 'rolf', 'Your access request was denied by rolf'],
    ['denied', 'rule/no-power', 'Your access request was denied by the rule no-power'],
    ['revoked', 'system', 'Your access request was revoked'],
    ['expired', 'system', 'Your access request was not decided in time'],
  ] as const)('to the requester says that it was %s, by %s', (state, by, subject) => {
    expect(write('decided', step(state, by)).subject).toBe(subject)
  })

  test('names the list of a promotion', () => {
    const promoted = { ...step('promoted', 'rolf'), promotedTo: { list: 'readers', title: 'The readers' } }
    expect(write('decided', promoted).subject).toBe('You are a member of The readers now')
    // Reviewers may not see that list.
    const { subject, text } = write('settled', promoted)
    expect(subject).toContain('was answered with a membership by rolf')
    expect(`${subject}${text}`).not.toContain('The readers')
  })

  test('to reviewers tells an extension from a new request', () => {
    const pending = step('pending', 'alice')
    expect(write('review', pending).subject).toMatch(/ asks for access$/)
    const more = { ...pending, extends: { request: 'one', firstStartedAt: now, from: now + hour } }
    expect(write('review', more).subject).toMatch(/ asks for more time$/)
    expect(write('review', more).text).toContain('asks for more time for')
  })

  test('counts the items beyond twenty', () => {
    const many = Array.from({ length: 23 }, (_, number) => `role ${number}`)
    const { text, html } = write(
      'review',
      { ...step('pending', 'alice'), items: many.map(() => item(adminOnProd)) },
      many,
    )
    expect(text).toContain('role 19\n  and 3 more\n')
    expect(text).not.toContain('role 20')
    expect(html).toContain('<li>and 3 more</li>')
  })

  test.each(['review', 'settled', 'decided', 'ends'] as const)('%s: what others wrote is text', (notice) => {
    const evil = 'x</p><script>\r\nBcc: eve@example.com\u202e'
    const hostile: AccessRequest = {
      ...step('approved', evil, evil),
      user: evil,
      reason: evil,
      endsAt: now + hour,
    }
    const { subject, text, html } = write(notice, hostile, [evil, evil])
    expect(`${subject}${text}${html}`).not.toContain('\u202e')
    expect(`${text}${html}`).not.toMatch(/^Bcc/m)
    expect(subject).not.toMatch(/[\r\n]/)
    expect(html).not.toContain('<script>')
  })
})

describe('the end', () => {
  test('is told an hour before it, of more than four hours', () => {
    const lasting = (ms: number) => endNoticeAt({ ...active, activatedAt: now, endsAt: now + ms })
    expect(lasting(4 * hour + minute)).toBe(now + 3 * hour + minute)
    expect(lasting(4 * hour)).toBeUndefined()
  })

  test('is not told of what gives nothing, or goes on by another request', () => {
    const long = { ...active, activatedAt: now, endsAt: now + 8 * hour }
    expect(endNoticeAt(long)).toBe(now + 7 * hour)
    expect(endNoticeAt({ ...long, state: 'revoked' })).toBeUndefined()
    expect(endNoticeAt({ ...long, activatedAt: undefined })).toBeUndefined()
    const extended = { at: now, by: 'rolf', what: 'extended', says: '' } as const
    expect(endNoticeAt({ ...long, timeline: [...long.timeline, extended] })).toBeUndefined()
  })
})
