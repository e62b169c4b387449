/** A syslog receiver over real TLS, written from RFC 5425 and from nothing of ours, with a certificate for localhost. */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'

export interface TestCertificate {
  readonly certificate: string
  readonly key: string
}

export async function makeCertificate(name = 'localhost'): Promise<TestCertificate> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const made = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}`,
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2120-01-01'),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
  })
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const pem = [
    '-----BEGIN PRIVATE KEY-----',
    ...(der.match(/.{1,64}/g) ?? []),
    '-----END PRIVATE KEY-----',
    '',
  ]
  return { certificate: made.toString('pem'), key: pem.join('\n') }
}

/** `cut`: the connection is reset once something came. */
export type SyslogBehaviour = 'take' | 'cut'

export class SyslogReceiver implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Whole messages of connections that were read to their end. */
  readonly messages: string[] = []
  readonly behaviours: SyslogBehaviour[] = []
  connections = 0

  private constructor(tls: TestCertificate | undefined) {
    const onSocket = (socket: Socket) => this.#serve(socket)
    this.#server = tls
      ? createTlsServer({ cert: tls.certificate, key: tls.key }, onSocket)
      : createTcpServer(onSocket)
    this.#server.on('tlsClientError', () => undefined)
  }

  static async open(tls?: TestCertificate): Promise<SyslogReceiver> {
    const receiver = new SyslogReceiver(tls)
    await new Promise<void>((resolve) => receiver.#server.listen(0, 'localhost', resolve))
    return receiver
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  #serve(socket: Socket): void {
    this.connections += 1
    this.#sockets.add(socket)
    const behaviour = this.behaviours.shift() ?? 'take'
    const chunks: Buffer[] = []
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      if (behaviour === 'cut') socket.destroy()
      else chunks.push(chunk)
    })
    socket.on('end', () => this.messages.push(...unframe(Buffer.concat(chunks))))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** RFC 5425 4.3: `SYSLOG-FRAME = MSG-LEN SP SYSLOG-MSG`. */
export function unframe(data: Buffer): string[] {
  const messages: string[] = []
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(0x20, at)
    const length = Number(data.toString('ascii', at, space))
    if (!/^[1-9]\d*$/.test(data.toString('ascii', at, space)) || space + 1 + length > data.length) {
      throw new Error(`a frame is broken at octet ${at}`)
    }
    messages.push(data.toString('utf8', space + 1, space + 1 + length))
    at = space + 1 + length
  }
  return messages
}
