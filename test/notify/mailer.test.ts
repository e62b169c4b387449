/** Real mail to a real SMTP server on this machine. */
import { describe, expect, test } from 'vitest'
import { createMailer, type Mail, type MailServer as Server } from '../../src/notify/mailer.js'
import { makeCertificate, MailServer, type MailServerOptions } from '../support/mail-server.js'

const certificate = await makeCertificate()

const mail: Mail = {
  id: '8d7e0a1c-7c1d-4a0f-9f5c-0a6f1e2b9c01',
  to: 'olga@example.com',
  subject: 'Review access list "On call"',
  text: 'https://gatehouse.example.com/access-lists/on-call/review\n',
  html: '<p>Review</p>\n',
}

async function open(
  options: MailServerOptions,
  changes: Partial<Server> = {},
  password?: string,
  trusted?: string,
) {
  const server = await MailServer.open(options)
  const mailer = createMailer({
    server: {
      host: '127.0.0.1',
      port: server.port,
      security: 'none',
      user: undefined,
      from: { name: 'Gatehouse', address: 'gatehouse@example.com' },
      ...changes,
    },
    password,
    ...(trusted !== undefined && { trusted }),
  })
  return { server, mailer }
}

describe('mail', () => {
  test('goes to its one recipient, as text and HTML, with an id that stays', async () => {
    const { server, mailer } = await open({})
    await using _ = server
    expect(await mailer.send(mail)).toEqual({ outcome: 'sent' })
    expect(await mailer.send(mail)).toEqual({ outcome: 'sent' })
    const [first, again] = server.taken
    expect(first).toMatchObject({ from: 'gatehouse@example.com', to: ['olga@example.com'] })
    expect(first?.text).toContain('https://gatehouse.example.com/access-lists/on-call/review')
    expect(first?.raw).toContain('<p>Review</p>')
    expect(first?.headers.get('from')).toBe('Gatehouse <gatehouse@example.com>')
    expect(first?.headers.get('subject')).toBe(mail.subject)
    expect(first?.headers.get('auto-submitted')).toBe('auto-generated')
    expect(first?.headers.get('message-id')).toBe(`<${mail.id}@example.com>`)
    expect(again?.headers.get('message-id')).toBe(first?.headers.get('message-id'))
  })

  test('carries no header that a subject or an address brings', async () => {
    const { server, mailer } = await open({})
    await using _ = server
    await mailer.send({ ...mail, subject: 'Hello\r\nBcc: eve@example.com\r\n\r\nBody' })
    expect(server.taken[0]?.headers.has('bcc')).toBe(false)
    expect(server.taken[0]?.headers.get('subject')).toContain('Bcc: eve@example.com')
    for (const to of [
      'olga@example.com\r\nBcc: eve@example.com',
      'olga@example.com, eve@example.com',
      'Olga <olga@example.com>',
      'olga@example.com>',
      '"a b"@example.com',
      'olga',
      '',
    ]) {
      expect(await mailer.send({ ...mail, to })).toMatchObject({ outcome: 'refused' })
    }
    expect(server.taken).toHaveLength(1)
  })

  test('takes no file and no address for content', async () => {
    const { server, mailer } = await open({})
    await using _ = server
    await mailer.send({ ...mail, html: '<img src="file:///etc/hostname">', text: '/etc/hostname' })
    expect(server.taken[0]?.text).toContain('/etc/hostname')
  })

  test('is refused for good, or for now, as the server says of the recipient', async () => {
    const { server, mailer } = await open({})
    await using _ = server
    server.refuses.set('gone@example.com', { code: 550, says: 'no such user' })
    server.refuses.set('full@example.com', { code: 452, says: 'mailbox full' })
    expect(await mailer.send({ ...mail, to: 'gone@example.com' })).toEqual({
      outcome: 'refused',
      error: 'the mail server refused the recipient: 550 no such user',
    })
    expect(await mailer.send({ ...mail, to: 'full@example.com' })).toMatchObject({ outcome: 'deferred' })
    expect(await mailer.send(mail)).toEqual({ outcome: 'sent' })
  })

  test('finds no server where none is', async () => {
    const { server, mailer } = await open({})
    await server[Symbol.asyncDispose]()
    expect(await mailer.send(mail)).toEqual({
      outcome: 'unavailable',
      error: 'the mail server cannot be reached: ECONNREFUSED',
    })
  })
})

describe('with TLS', () => {
  test.each([
    ['from the first byte', { secure: true }, 'tls'],
    ['by STARTTLS', {}, 'starttls'],
  ] as const)('mail is sent %s, and the user signs in', async (_name, options, security) => {
    const users = { gatehouse: 'pass word' }
    const { server, mailer } = await open(
      { certificate, users, ...options },
      { security, user: 'gatehouse', host: 'localhost' },
      'pass word',
      certificate.cert,
    )
    await using _ = server
    expect(await mailer.send(mail)).toEqual({ outcome: 'sent' })
    expect(server.taken[0]).toMatchObject({ isSecure: true, user: 'gatehouse' })
  })

  test.each([
    ['from the first byte', { secure: true }, 'tls'],
    ['by STARTTLS', {}, 'starttls'],
  ] as const)('a certificate that is not trusted is refused %s', async (_name, options, security) => {
    const { server, mailer } = await open({ certificate, ...options }, { security, host: 'localhost' })
    await using _ = server
    expect(await mailer.send(mail)).toMatchObject({ outcome: 'unavailable' })
    expect(server.taken).toEqual([])
  })

  test('nothing is said to a server that offers none, above all no password', async () => {
    const { server, mailer } = await open(
      { users: { gatehouse: 'secret' } },
      { security: 'starttls', user: 'gatehouse' },
      'secret',
    )
    await using _ = server
    expect(await mailer.send(mail)).toMatchObject({ outcome: 'unavailable' })
    expect(server.taken).toEqual([])
  })

  test('a password that is refused is in no answer', async () => {
    const { server, mailer } = await open(
      { certificate, secure: true, users: { gatehouse: 'right' } },
      { security: 'tls', user: 'gatehouse', host: 'localhost' },
      'wrong-password',
      certificate.cert,
    )
    await using _ = server
    const answer = await mailer.send(mail)
    expect(answer).toMatchObject({ outcome: 'unavailable' })
    expect(JSON.stringify(answer)).not.toContain('wrong-password')
  })
})
