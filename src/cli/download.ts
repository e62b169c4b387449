/**
 * @module Streams an answer of the gateway into a file: under another name until it is whole, so that nobody takes a
 * part for the whole, and readable by its owner alone. Never follows a redirect, as `client.ts`.
 */
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { GatewayError } from '../core/error.js'
import { refusalFrom } from './client.js'

export interface Download {
  readonly url: string
  readonly token: string
  readonly path: string
  readonly query: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly file: string
  /** Called once the answer begins; what it returns is given the bytes as they come. */
  readonly onStart?: (headers: Headers) => (bytes: Uint8Array) => void
}

/** @throws GatewayError the gateway's refusal; `UNAVAILABLE` where the answer ended too early; `INVALID_INPUT`. */
export async function download({ url, token, path, query, file, onStart }: Download): Promise<void> {
  const target = new URL(path, url)
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? []))
      target.searchParams.append(name, one)
  }
  let response: Response
  try {
    const headers = { authorization: `Bearer ${token}`, 'user-agent': 'gatehouse', accept: '*/*' }
    response = await fetch(target, { headers, redirect: 'error' })
  } catch (cause) {
    const message = `no answer from ${target.origin}; is the gateway running?`
    throw new GatewayError('UNAVAILABLE', message, {}, { cause })
  }
  if (!response.ok || response.body === null) {
    throw refusalFrom(await response.text(), response.status, target.origin)
  }
  const onBytes = onStart?.(response.headers)
  const { body } = response
  async function* watched(): AsyncGenerator<Uint8Array> {
    // undici's own type of a body is an async iterable; the DOM's, which TypeScript names here, is not yet everywhere.
    for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
      onBytes?.(bytes)
      yield bytes
    }
  }
  const part = `${file}.part`
  try {
    await pipeline(watched(), createWriteStream(part, { mode: 0o600 }))
    await rename(part, file)
  } catch (cause) {
    await rm(part, { force: true })
    const isOurs = cause instanceof Error && 'code' in cause && String(cause.code).startsWith('E')
    throw isOurs
      ? new GatewayError('INVALID_INPUT', `cannot write ${file}: ${cause.message}`, {}, { cause })
      : new GatewayError(
          'UNAVAILABLE',
          `the answer of ${target.origin} ended too early; ${file} was not written. Try again`,
          {},
          { cause },
        )
  }
}
