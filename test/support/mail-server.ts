/** @module A real SMTP server on a free loopback port, for tests: what it took, and what it refuses while told to. */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface TakenMail {
  readonly from: string
  readonly to: readonly string[]
  readonly isSecure: boolean
  readonly user: string | undefined
  readonly headers: ReadonlyMap<string, string>
  /** The text part, decoded. */
  readonly text: string
  /** All of it, as it came. */
  readonly raw: string
}

export interface TestCertificate {
  readonly cert: string
  readonly key: string
}

/** Of an authority that nobody trusts unless told to, for `localhost` and `127.0.0.1`. */
export async function makeCertificate(): Promise<TestCertificate> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    keys,
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2050-01-01T00:00:00Z'),
    signingAlgorithm: algorithm,
    extensions: [
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  })
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`,
  }
}

export interface MailServerOptions {
  readonly port?: number
  /** With one it offers TLS: from the first byte where `secure`, else by STARTTLS. */
  readonly certificate?: TestCertificate
  readonly secure?: boolean
  /** Whom it lets in; with nobody it asks for no sign-in. */
  readonly users?: Readonly<Record<string, string>>
}

export class MailServer implements AsyncDisposable {
  readonly taken: TakenMail[] = []
  readonly port: number
  readonly #server: SMTPServer
  /** The code and words with which it refuses this recipient. */
  readonly refuses = new Map<string, { readonly code: number; readonly says: string }>()
  readonly #waiting = new Set<() => void>()

  private constructor(server: SMTPServer, port: number) {
    this.#server = server
    this.port = port
  }

  static async open(options: MailServerOptions = {}): Promise<MailServer> {
    const { certificate, secure = false, users } = options
    const opened: { self?: MailServer } = {}
    const settings: SMTPServerOptions = {
      secure,
      ...certificate,
      authOptional: users === undefined,
      disabledCommands: [
        ...(certificate === undefined ? ['STARTTLS' as const] : []),
        ...(users === undefined ? ['AUTH' as const] : []),
      ],
      logger: false,
      disableReverseLookup: true,
      closeTimeout: 100,
      onAuth: ({ username = '', password }, _session, done) => {
        if (users?.[username] === password) done(null, { user: username })
        else done(new Error(`no ${username} with ${password ?? ''}`))
      },
      onRcptTo: ({ address }, _session, done) => {
        const refused = opened.self?.refuses.get(address)
        done(refused && Object.assign(new Error(refused.says), { responseCode: refused.code }))
      },
      onData: (stream, { envelope, secure: isSecure, user }, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          const raw = Buffer.concat(chunks).toString()
          opened.self?.take({
            from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
            to: envelope.rcptTo.map(({ address }) => address),
            isSecure,
            user: typeof user === 'string' ? user : undefined,
            ...readMail(raw),
            raw,
          })
          done()
        })
      },
    }
    const server = new SMTPServer(settings)
    // Of clients that go away, as they do in these tests.
    server.on('error', () => undefined)
    const port = await new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen(options.port ?? 0, '127.0.0.1', () => {
        const address = server.server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
    opened.self = new MailServer(server, port)
    return opened.self
  }

  take(mail: TakenMail): void {
    this.taken.push(mail)
    for (const wake of this.#waiting) wake()
  }

  /** Waits until it took so many. */
  async until(count: number): Promise<void> {
    while (this.taken.length < count) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake)
          resolve()
        }
        this.#waiting.add(wake)
      })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}

function readMail(raw: string): Pick<TakenMail, 'headers' | 'text'> {
  const [head = '', ...body] = raw.split('\r\n\r\n')
  const headers = new Map(
    head
      .replaceAll(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line) => {
        const at = line.indexOf(':')
        return [line.slice(0, at).toLowerCase(), decodeWords(line.slice(at + 1).trim())]
      }),
  )
  const rest = body.join('\r\n\r\n')
  const [, part = rest] = /Content-Type: text\/plain[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/.exec(rest) ?? []
  const encoding = /Content-Transfer-Encoding: (\S+)/.exec(rest)?.[1] ?? '7bit'
  return { headers, text: decodeBody(part, encoding) }
}

function decodeBody(part: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(part, 'base64').toString()
  if (encoding !== 'quoted-printable') return part
  return quotedPrintable(part.replaceAll(/=\r\n/g, ''))
}

function quotedPrintable(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString()
}

/** RFC 2047. */
function decodeWords(text: string): string {
  return text
    .replaceAll(/\?= =\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString()
        : quotedPrintable(word.replaceAll('_', ' ')),
    )
}
