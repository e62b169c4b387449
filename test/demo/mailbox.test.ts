/** The mail of the demo: taken as a real client sends it, decoded, and shown as text that does nothing. */
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMailbox, type Mailbox } from '../../src/demo/mailbox.js'

let mailbox: Mailbox
beforeAll(async () => {
  mailbox = await openMailbox({ smtp: 0, page: 0 })
})
afterAll(() => mailbox?.[Symbol.asyncDispose]())

const send = (mail: { subject: string; text: string; html?: string; to?: string }) =>
  createTransport(mailbox.smtpUrl).sendMail({
    from: 'gatehouse@example.com',
    to: 'olga@example.com',
    ...mail,
  })

test('a mail is kept as it was written: letters of every alphabet, long lines, lines of dots', async () => {
  const text = `Grüße, 你好\n.\n..two dots\n${'long '.repeat(60).trim()}\nlast`
  await send({
    subject: 'Zugang prüfen: „Bereitschaft“ und noch sehr viel mehr Worte, damit es lang wird',
    text,
  })
  expect(mailbox.mails[0]).toMatchObject({
    recipients: ['olga@example.com'],
    subject: 'Zugang prüfen: „Bereitschaft“ und noch sehr viel mehr Worte, damit es lang wird',
    text,
  })
})

test('the page shows the newest first, as text alone, and its links lead to the web alone', async () => {
  await send({ subject: 'first', text: 'one' })
  await send({
    subject: '<script>alert(1)</script>',
    text: `<img src=x onerror=alert(1)> http://localhost:3080/a?b=1&c="x javascript:alert(1)`,
    html: '<b>html is not shown</b>',
  })
  const response = await fetch(`${mailbox.url}/`)
  const page = await response.text()
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
  expect(page).toContain('<h2>&lt;script&gt;alert(1)&lt;/script&gt;</h2>')
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(page).not.toMatch(/<script|<img|html is not shown|href="javascript/)
  expect(page.match(/href="[^"]*"/g)).toEqual(['href="http://localhost:3080/a?b=1&amp;c="'])
  expect(page.indexOf('&lt;script&gt;')).toBeLessThan(page.indexOf('<h2>first</h2>'))
})

test('nothing but the page is there', async () => {
  expect((await fetch(`${mailbox.url}/other`)).status).toBe(404)
  expect((await fetch(`${mailbox.url}/`, { method: 'POST' })).status).toBe(404)
})
