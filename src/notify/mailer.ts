/**
 * @module Hands one mail to the configured mail server, and says what became of it. The only importer of nodemailer. A
 * mail has one recipient, so that nobody learns of others and one bad address stops nobody. TLS is required and its
 * certificate checked unless the configuration says otherwise; no password and no text of a mail is in what it answers.
 */
import { createTransport } from 'nodemailer'
import { isMailAddress } from '../core/user/mail-address.js'
import { visibleText } from '../core/visible-text.js'
import { second } from '../core/time.js'

export interface MailServer {
  readonly host: string
  readonly port: number
  /** `tls` from the first byte, `starttls` before anything is said, or none. */
  readonly security: 'tls' | 'starttls' | 'none'
  readonly user: string | undefined
  readonly from: { readonly name: string | undefined; readonly address: string }
}

export interface MailerOptions {
  readonly server: MailServer
  readonly password: string | undefined
  /** Certificates (PEM) to trust instead of those that Node trusts. */
  readonly trusted?: string
}

export interface Mail {
  /** Stays the same for each attempt: receivers can tell a repetition by it. */
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/**
 * `refused`: this mail, for good. `deferred`: this mail, for now. `unavailable`: the server takes none, whoever it is for.
 */
export type Delivery =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'refused' | 'deferred' | 'unavailable'; readonly error: string }

export interface Mailer {
  send(mail: Mail): Promise<Delivery>
}

/** A server that has not begun, or goes silent, is not waited for. */
const connectMs = 10 * second
const silenceMs = 30 * second

export function createMailer({ server, password, trusted }: MailerOptions): Mailer {
  const { host, port, security, user, from } = server
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    dnsTimeout: connectMs,
    socketTimeout: silenceMs,
    maxResponseSize: 16_384,
    tls: { minVersion: 'TLSv1.2', ...(trusted !== undefined && { ca: trusted }) },
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    // What is sent are the texts that it is given, and nothing that they name.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  return {
    send: async ({ id, to, subject, text, html }) => {
      if (!isMailAddress(to)) return { outcome: 'refused', error: 'the recipient is not a mail address' }
      try {
        await transport.sendMail({
          from: { name: from.name ?? '', address: from.address },
          to: { name: '', address: to },
          envelope: { from: from.address, to: [to] },
          // One visible line: nothing in it can begin another header.
          subject: visibleText(subject),
          text,
          html,
          messageId: `<${id.replaceAll(/[^\w.-]/g, '')}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        })
        return { outcome: 'sent' }
      } catch (error) {
        return judge(error)
      }
    },
  }
}

/** What nodemailer puts on its errors, as far as it is used. */
interface Failure {
  readonly code: string
  readonly command: string
  readonly response: string
  readonly permanent: boolean
}

function judge(error: unknown): Exclude<Delivery, { readonly outcome: 'sent' }> {
  const { code, command, response, permanent } = readFailure(error)
  const said = response === '' ? '' : `: ${response}`
  switch (code) {
    case 'EENVELOPE':
      if (command === 'MAIL FROM') return unavailable(`the mail server refused the sender${said}`)
      return {
        outcome: permanent ? 'refused' : 'deferred',
        error: `the mail server refused the recipient${said}`,
      }
    case 'EMESSAGE':
      return { outcome: permanent ? 'refused' : 'deferred', error: `the mail server refused the mail${said}` }
    case 'EAUTH':
    case 'ENOAUTH':
      // Its words may repeat what we said.
      return unavailable('the mail server refused the sign-in: check user and password')
    case 'ETLS':
      return unavailable('no TLS with the mail server: it offers none, or its certificate is not trusted')
    case 'ETIMEDOUT':
      return unavailable('the mail server did not answer in time')
    case 'EDNS':
      return unavailable('the name of the mail server cannot be found')
    case 'ESOCKET':
    case 'ECONNECTION':
      return unavailable(`the mail server cannot be reached${said}`)
    default:
      return {
        outcome: 'deferred',
        error: `the mail could not be sent (${code === '' ? 'unknown error' : code})`,
      }
  }
}

function unavailable(error: string): Exclude<Delivery, { readonly outcome: 'sent' }> {
  return { outcome: 'unavailable', error }
}

const maxSaid = 200

function readFailure(error: unknown): Failure {
  const read = (name: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined
  const textOf = (name: string): string => {
    const value = read(name)
    return typeof value === 'string' ? visibleText(value).slice(0, maxSaid) : ''
  }
  return {
    code: textOf('code'),
    command: textOf('command'),
    response: textOf('response') === '' ? originOf(textOf('originalCode')) : textOf('response'),
    permanent: read('permanent') === true,
  }
}

/** Codes of Node's own, such as ECONNREFUSED. */
function originOf(code: string): string {
  return /^[A-Z_]{3,60}$/.test(code) ? code : ''
}
