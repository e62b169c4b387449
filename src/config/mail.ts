/**
 * @module The mail server in the configuration: one URL, a password that may be in a file of its own, and whom mail is
 * from. Without the URL no mail is sent. No message repeats the URL, which may hold a password.
 */
import { isMailAddress } from '../core/user/mail-address.js'
import { isLoopbackHost, Wrong } from './rules.js'
import { Secret } from './secrets.js'

export interface MailConfig {
  readonly host: string
  readonly port: number
  /** `tls` from the first byte (smtps), `starttls` before anything else is said, `none` on this machine or as asked. */
  readonly security: 'tls' | 'starttls' | 'none'
  readonly user: string | undefined
  readonly from: { readonly name: string | undefined; readonly address: string }
}

export interface MailServerUrl extends Omit<MailConfig, 'from'> {
  readonly password: Secret | undefined
}

const form =
  'write for example smtps://USER@mail.example.com:465, or smtp://mail.example.com:587 for STARTTLS (percent-encode special characters)'

/** `smtps://` or `smtp://` with host, optional port, user and password; `?tls=off` gives up TLS where it is asked for. */
export function parseSmtpUrl(text: string): MailServerUrl | Wrong {
  if (!URL.canParse(text)) return new Wrong(`is not a URL; ${form}`)
  const url = new URL(text)
  const { protocol, port } = url
  if (protocol !== 'smtps:' && protocol !== 'smtp:')
    return new Wrong(`must begin with smtps:// or smtp://; ${form}`)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (host === '' || (url.pathname !== '' && url.pathname !== '/') || url.hash !== '') {
    return new Wrong(`must name a host and no path; ${form}`)
  }
  const asked = [...url.searchParams]
  const isOff = asked.length === 1 && asked[0]?.[0] === 'tls' && asked[0][1] === 'off'
  if (asked.length > 0 && !isOff) return new Wrong('takes no other parameter than tls=off')
  if (isOff && protocol === 'smtps:') return new Wrong('asks for TLS (smtps) and for none (tls=off)')
  const user = decoded(url.username)
  const password = decoded(url.password)
  if (user === undefined || password === undefined)
    return new Wrong(`has a percent sign that encodes nothing; ${form}`)
  if (user === '' && password !== '') return new Wrong('has a password and no user')
  if (isOff && user !== '' && !isLoopbackHost(host)) {
    return new Wrong('would send the password over the network in the clear: leave out tls=off, or the user')
  }
  const isPlain = isOff || (protocol === 'smtp:' && isLoopbackHost(host))
  return {
    host,
    port: port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port),
    security: protocol === 'smtps:' ? 'tls' : isPlain ? 'none' : 'starttls',
    user: user === '' ? undefined : user,
    password: password === '' ? undefined : new Secret(password),
  }
}

/** `address`, or `Name <address>`. */
export function parseMailFrom(text: string): MailConfig['from'] | Wrong {
  const [, name = '', inBrackets] = /^([^<>]*)<([^<>]*)>$/.exec(text.trim()) ?? []
  const address = inBrackets ?? text.trim()
  if (!isMailAddress(address) || /[\p{Cc}\p{Cf}]/u.test(name) || name.length > 200) {
    return new Wrong(`"${text}" is not a mail address; write for example Gatehouse <gatehouse@example.com>`)
  }
  const shown = name.trim().replace(/^"(.*)"$/, '$1')
  return { name: shown === '' ? undefined : shown, address }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

export interface MailSettings {
  readonly server: MailServerUrl | undefined
  readonly from: MailConfig['from'] | undefined
  /** Of the password file; undefined where none is named. */
  readonly password: Secret | undefined
  readonly given: Readonly<Record<'smtp_url' | 'smtp_password_file' | 'mail_from', boolean>>
}

/** The settings together, or undefined without a server; `problem` is told what does not fit. */
export function joinMail(
  { server, from, password, given }: MailSettings,
  problem: (setting: keyof MailSettings['given'], message: string) => void,
): { readonly config: MailConfig; readonly password: Secret | undefined } | undefined {
  if (!given.smtp_url) {
    for (const name of ['smtp_password_file', 'mail_from'] as const) {
      if (given[name]) problem(name, 'has no effect without smtp_url, the mail server')
    }
    return undefined
  }
  if (!given.mail_from) problem('mail_from', 'is missing: name the address that mail is sent from')
  if (server === undefined || from === undefined) return undefined
  const { password: inUrl, ...rest } = server
  if (given.smtp_password_file && inUrl !== undefined) {
    problem('smtp_password_file', 'contradicts the password in smtp_url: give one of them')
  }
  if (given.smtp_password_file && server.user === undefined) {
    problem('smtp_password_file', 'is for a user, and smtp_url names none: write smtps://USER@HOST')
  }
  if (server.user !== undefined && inUrl === undefined && !given.smtp_password_file) {
    problem(
      'smtp_url',
      'names a user and no password: put it into a file and name that in smtp_password_file',
    )
  }
  return { config: { ...rest, from }, password: password ?? inUrl }
}

/** The one line in the file, without its line break. What was read is in no message. */
export function readPasswordFile(file: string, readFile: (file: string) => string): Secret | Wrong {
  let text: string
  try {
    text = readFile(file)
  } catch {
    return new Wrong(`cannot read ${file}`)
  }
  const password = text.replace(/\r?\n$/, '')
  if (password !== '' && password.length <= 1000 && !/\p{Cc}/u.test(password)) return new Secret(password)
  return new Wrong(`${file} must hold the password and nothing else, on one line`)
}
