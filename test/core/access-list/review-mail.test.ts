import { describe, expect, test } from 'vitest'
import { writeReviewMail, type ListToReview } from '../../../src/core/access-list/review-mail.js'
import { isMailAddress, mailAddressOf } from '../../../src/core/user/mail-address.js'

const at = (text: string) => Date.parse(text)
const context = {
  owner: 'olga@example.com',
  publicUrl: 'https://gate.example.com',
  clusterName: 'gate.example.com',
  now: at('2026-11-20T00:00:00Z'),
}

function aList(name: string, changes: Partial<ListToReview> = {}): ListToReview {
  const review = {
    dueAt: at('2026-12-01'),
    everyMonths: 3,
    dayOfMonth: 1,
    noticeMs: 14 * 86_400_000,
    whenOverdue: undefined,
  } as const
  return {
    name,
    title: 'On call',
    facts: { review, preference: undefined, hasMembers: true },
    people: 12,
    ...changes,
  }
}

describe('the mail of a review', () => {
  test('says what is due, when, for how many people, and where', () => {
    const { subject, text, html } = writeReviewMail([aList('on-call')], context)
    expect(subject).toBe('Review access list "On call" by 2026-12-01')
    expect(text).toBe(`Hello olga@example.com,

you own an access list, and somebody has to look through the people in it:

  On call
  The review is due on 2026-12-01.
  12 people are in it.
  https://gate.example.com/access-lists/on-call/review

One owner is enough for a list. Decisions are kept as you go, so you may stop and come back.

Sent by Gatehouse (gate.example.com), https://gate.example.com, to the owners of access lists.
`)
    expect(html).toContain('<a href="https://gate.example.com/access-lists/on-call/review">')
  })

  test.each([
    ['freeze', '2026-11-20', 'If nobody reviews it, nobody can be added from 2026-12-08 on.'],
    ['freeze', '2026-12-08', 'Nobody can be added until it is reviewed.'],
    [
      'remove_grants',
      '2026-12-02',
      'If nobody reviews it, members and owners hold nothing by it from 2026-12-08 on.',
    ],
    ['remove_grants', '2027-01-08', 'Members and owners hold nothing by it until it is reviewed.'],
  ] as const)('says what %s means on %s', (then, now, says) => {
    const preference = { then, afterMs: 7 * 86_400_000 }
    const list = aList('l')
    const { text, html } = writeReviewMail([{ ...list, facts: { ...list.facts, preference } }], {
      ...context,
      now: at(now),
    })
    expect(text).toContain(`  ${says}\n`)
    expect(html).toContain(says)
  })

  test('shows titles and names as one line of text, whatever they hold', () => {
    const title = '<img src=x onerror="x">\r\nBcc: eve@example.com\u202e'
    const { subject, text, html } = writeReviewMail([aList('a/b?c#"<', { title })], context)
    expect(subject).not.toMatch(/[\r\n\u202e]/)
    expect(text).not.toContain('\u202e')
    expect(text).toContain('/access-lists/a%2Fb%3Fc%23%22%3C/review')
    expect(html).not.toContain('<img')
    expect(html).toContain('&lt;img src=x onerror=&quot;x&quot;&gt;')
    expect(writeReviewMail([aList('l', { title: 'x'.repeat(500) })], context).subject.length).toBeLessThan(
      200,
    )
    expect(writeReviewMail([aList('l', { title: ' ' })], context).subject).toContain('"l"')
  })

  test('names the first fifty of many lists and counts the rest', () => {
    const lists = Array.from({ length: 61 }, (_, index) => aList(`l${index}`))
    const { subject, text } = writeReviewMail(lists, context)
    expect(subject).toBe('Review 61 access lists')
    expect(text.match(/\/review$/gm)).toHaveLength(50)
    expect(text).toContain('And 11 more: https://gate.example.com/access-lists?filter=due')
  })
})

describe('where mail goes', () => {
  test.each([
    [{}, 'olga@example.com', 'olga@example.com'],
    [{ mail: ['m@example.com'] }, 'olga@example.com', 'm@example.com'],
    [{ mail: ['m@example.com'], email: ['e@example.com'] }, 'olga', 'e@example.com'],
    [{ email: ['not one', 'e@example.com'] }, 'olga', 'e@example.com'],
    [{}, 'olga', undefined],
    [{ email: ['Olga <o@example.com>'] }, 'olga', undefined],
  ])('with the traits %j and the name %s: %s', (traits, name, address) => {
    expect(mailAddressOf({ name, traits })).toBe(address)
  })

  test.each(['a@b', 'a.b+c@example.com', 'ü@exämple.de', "o'neil@example.com"])(
    '%s is an address',
    (text) => {
      expect(isMailAddress(text)).toBe(true)
    },
  )

  test.each([
    '',
    '@example.com',
    'a@',
    'a b@example.com',
    'a@b@c',
    '.a@b',
    'a..b@c',
    'a@-b',
    'a@b..c',
    'a@b,c@d',
    'a@b\r\nBcc: c@d',
    '<a@b>',
    '"a"@b',
    'a@[127.0.0.1]',
    `${'a'.repeat(65)}@b`,
    `a@${'b.'.repeat(130)}c`,
  ])('%j is none', (text) => {
    expect(isMailAddress(text)).toBe(false)
  })
})
