/**
 * @module Fetches the metadata of an upstream identity provider, at the address that an administrator named: bounded in
 * size and time, without redirects, and from no address that is not public unless the connector allows it (T16).
 */
import { GatewayError } from '../../core/error.js'
import { second } from '../../core/time.js'
import { EgressError } from '../../lib/egress.js'
import type { GuardedFetch } from '../../lib/guarded-fetch.js'
import { maxUpstreamMetadataBytes } from './upstream-metadata.js'

/** From the look-up of the name to the last byte: somebody waits for it at a sign-in page. */
export const metadataTimeoutMs = 8 * second

export interface MetadataSource {
  readonly url: string
  readonly allowsPrivateNetwork: boolean
}

/** @throws GatewayError `CONNECTOR_FAILED` with why there is none, without the answer's own words. */
export type FetchMetadata = (source: MetadataSource) => Promise<string>

export function createMetadataFetch(fetch: {
  readonly public: GuardedFetch
  readonly private: GuardedFetch
}): FetchMetadata {
  return async ({ url, allowsPrivateNetwork }) => {
    const { host } = new URL(url)
    const signal = AbortSignal.timeout(metadataTimeoutMs)
    try {
      const headers = { accept: 'application/samlmetadata+xml, application/xml, text/xml' }
      const answer = await fetch[allowsPrivateNetwork ? 'private' : 'public'](url, {
        method: 'GET',
        headers,
        signal,
      })
      if (answer.status !== 200) {
        await answer.body?.cancel()
        const redirects =
          answer.status >= 300 && answer.status < 400 ? ', and redirects are not followed' : ''
        throw failed(`${host} answered ${answer.status}${redirects}`)
      }
      return await readBounded(answer, host)
    } catch (error) {
      if (error instanceof GatewayError) throw error
      if (error instanceof EgressError) throw failed(error.message, error)
      if (signal.aborted) throw failed(`${host} did not answer in time`, error)
      const detail = error instanceof Error && 'code' in error ? String(error.code) : 'no connection'
      throw failed(`${host} cannot be reached (${detail})`, error)
    }
  }
}

async function readBounded({ body }: Response, host: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxUpstreamMetadataBytes) {
      throw failed(`the metadata at ${host} has more than ${maxUpstreamMetadataBytes} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function failed(message: string, cause?: unknown): GatewayError {
  return new GatewayError('CONNECTOR_FAILED', `metadata of the identity provider: ${message}`, {}, { cause })
}
