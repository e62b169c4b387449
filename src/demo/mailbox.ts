/**
 * @module The mail of the demo: takes what the gateway sends by SMTP, keeps the last of it in memory, and shows it on a
 * plain page. Both listen on loopback only; nothing that a mail says is anything but text there.
 */
import { createServer, type Server } from 'node:http'
import type { Server as NetServer } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { formatInstant, type Instant } from '../core/time.js'
import { systemClock } from '../lib/clock.js'

export interface ShownMail {
  readonly at: Instant
  /** Whom it was sent to, as the gateway told the server. */
  readonly recipients: readonly string[]
  readonly subject: string
  readonly text: string
}

export interface Mailbox extends AsyncDisposable {
  readonly smtpUrl: string
  /** Where people read it. */
  readonly url: string
  /** The newest first. */
  readonly mails: readonly ShownMail[]
}

const maxKept = 200
const maxBytes = 1_000_000

/** Port 0 is a free one. */
export async function openMailbox(ports: { readonly smtp: number; readonly page: number }): Promise<Mailbox> {
  const mails: ShownMail[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: maxBytes,
    onData(stream, { envelope }, done) {
      const recipients = envelope.rcptTo.map(({ address }) => address)
      readMail(stream).then((mail) => {
        mails.unshift({ at: systemClock.now(), recipients, ...mail })
        mails.length = Math.min(mails.length, maxKept)
        done()
      }, done)
    },
  })
  // A client that goes away in between is no failure of the demo; the gateway tells of mail that did not go.
  smtp.on('error', () => undefined)
  const page = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('the mail is at /\n')
      return
    }
    response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      .end(mailPage(mails))
  })
  const smtpPort = await listen(smtp.server, ports.smtp)
  const pagePort = await listen(page, ports.page)
  return {
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    url: `http://127.0.0.1:${pagePort}`,
    mails,
    [Symbol.asyncDispose]: async () => {
      page.closeAllConnections()
      await Promise.all([new Promise<void>((resolve) => smtp.close(resolve)), close(page)])
    },
  }
}

/** Its subject and plain text; other parts are not shown. @throws Error for a mail of more than `maxBytes` */
async function readMail(stream: SMTPServerDataStream): Promise<Pick<ShownMail, 'subject' | 'text'>> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= maxBytes) chunks.push(chunk)
  }
  if (length > maxBytes) throw new Error('552 too long')
  const { subject = '', text = '' } = await PostalMime.parse(Buffer.concat(chunks))
  return { subject, text: text.trim() }
}

function mailPage(mails: readonly ShownMail[]): string {
  const items = mails.map(
    ({ at, recipients, subject, text }) =>
      `<article><h2>${escape(subject)}</h2><p class="facts">to ${escape(recipients.join(', '))}, ` +
      `<time>${formatInstant(at)}</time></p><pre>${withLinks(text)}</pre></article>`,
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mail of the demo</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif }
main { max-width: 76ch; margin: 24px auto; padding: 0 16px }
article { border-top: 1px solid #8886; padding: 8px 0 }
h1 { font-size: 22px } h2 { font-size: 16px; margin: 8px 0 0; overflow-wrap: anywhere }
.facts { margin: 0; opacity: .75 } pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }
</style></head><body><main><h1>Mail of the demo</h1>
<p>Everything that Gatehouse sends by mail in this demo; it leaves this machine nowhere. Load the page again for more.</p>
${items.length === 0 ? '<p>No mail yet. Owners are asked to review lists shortly after somebody is in them.</p>' : items.join('\n')}
</main></body></html>
`
}

/** Only addresses that begin as the web's do lead anywhere. */
function withLinks(text: string): string {
  return escape(text).replaceAll(
    /https?:\/\/(?:[^\s<>"'&]|&amp;)+/g,
    (url) => `<a href="${url}" rel="noreferrer">${url}</a>`,
  )
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

async function listen(server: NetServer, port: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      if (typeof address === 'object' && address !== null) resolve(address.port)
      else reject(new Error('no port'))
    })
  })
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()))
}
