/**
 * @module Audit records to a syslog receiver: RFC 5424 messages over TLS with octet counting (RFC 5425), the same over
 * TCP, or one datagram each over UDP; the last two on this machine only. Syslog has no receipts. Over TLS and TCP each
 * batch has a connection of its own, which we end and the receiver closes once it has read to the end: only then the
 * batch counts as taken. Over UDP there is nothing to wait for, so what is lost on the way is lost.
 */
import { createSocket } from 'node:dgram'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { formatSyslog, frameSyslog, type SyslogHeader } from '../../core/audit/syslog.js'
import { SinkError, type SinkRecord } from './sink.js'

export interface SyslogSinkOptions {
  readonly transport: 'tls' | 'tcp' | 'udp'
  readonly host: string
  readonly port: number
  readonly header: SyslogHeader
  /** PEM. Without, the authorities that Node knows. */
  readonly ca?: string | undefined
  /** Ours, where the receiver asks for one. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: string } | undefined
}

export async function sendSyslog(
  options: SyslogSinkOptions,
  records: readonly SinkRecord[],
  signal: AbortSignal,
): Promise<void> {
  const messages = records.map((record) => messageOf(options.header, record))
  if (options.transport === 'udp') await sendDatagrams(options, messages, signal)
  else await sendStream(options, Buffer.concat(messages.map(frameSyslog)), signal)
}

function messageOf(header: SyslogHeader, record: SinkRecord): Uint8Array {
  const { kind, name, sequence, hash, uid, code, text, at, success } = record
  const data = [
    ['sequence', String(sequence)],
    ['hash', hash],
    ...(uid === undefined ? [] : [['uid', uid] as const]),
  ] as const
  return formatSyslog(header, {
    msgId: kind === 'head' ? 'audit.head' : (name ?? '-'),
    at,
    code,
    success,
    data,
    body: text,
  })
}

async function sendStream(options: SyslogSinkOptions, data: Buffer, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const socket = openSocket(options)
  const stop = () => socket.destroy(new SinkError('the receiver did not answer in time'))
  signal.addEventListener('abort', stop, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      let isSent = false
      let isRead = false
      socket.on('error', reject)
      socket.on(options.transport === 'tls' ? 'secureConnect' : 'connect', () => {
        // What a receiver says is of no interest, and unread it would keep the end of its stream from us.
        socket.resume()
        socket.end(data)
      })
      socket.on('finish', () => {
        isSent = true
      })
      // An end that comes before ours is that of a receiver which has not read to the end.
      socket.on('end', () => {
        isRead = isSent
      })
      socket.on('close', () => {
        if (isRead) resolve()
        else reject(new SinkError('the receiver closed the connection before it had read everything'))
      })
    })
  } finally {
    signal.removeEventListener('abort', stop)
    socket.destroy()
  }
}

function openSocket({ transport, host, port, ca, clientCertificate }: SyslogSinkOptions): Socket {
  if (transport === 'tcp') return connectTcp({ host, port })
  return connectTls({
    host,
    port,
    servername: /^[\d.]+$|:/.test(host) ? '' : host,
    minVersion: 'TLSv1.2',
    ...(ca !== undefined && { ca }),
    ...(clientCertificate && { cert: clientCertificate.certificate, key: clientCertificate.key }),
  })
}

async function sendDatagrams(
  { host, port }: SyslogSinkOptions,
  messages: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  try {
    for (const message of messages) {
      signal.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject)
        socket.send(message, port, host, (error) => (error ? reject(error) : resolve()))
      })
      socket.removeAllListeners('error')
    }
  } finally {
    socket.close()
  }
}
