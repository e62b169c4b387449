/**
 * @module Structured logs by pino, one named logger for each room. Secrets never reach a log line: fields
 * that carry them are redacted by name here, and callers do not put them into messages.
 */
import { pino, type Logger as PinoLogger, type DestinationStream } from 'pino'

export type Logger = PinoLogger

const redacted = [
  'password',
  'secret',
  'token',
  'code',
  'cookie',
  'authorization',
  'samlResponse',
  'SAMLResponse',
  'SAMLRequest',
  'relayState',
  'req.headers.cookie',
  'req.headers.authorization',
]

/** Makes the root logger. `level` is a pino level name, or `silent`. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    redact: { paths: [...redacted, ...redacted.map((name) => `*.${name}`)], censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  return destination ? pino(options, destination) : pino(options)
}
