/**
 * @module Requests to an identity provider that somebody named (T16): https, or http on this machine for a gateway that is
 * reached there itself; no redirects; bounded in size and time.
 */
import type { GuardedFetch } from '../lib/guarded-fetch.js'
import { isLoopbackUrl } from '../core/webhook/webhook.js'

/** Discovery documents and keys are some kilobytes; the teams of one person are the most. */
const maxBytes = 1024 * 1024
const timeoutMs = 10_000

export interface UpstreamFetches {
  readonly public: GuardedFetch
  /** Also to addresses of private networks. */
  readonly private: GuardedFetch
  /** Whether this gateway is reached on this machine itself, so that an upstream may be there, too. */
  readonly allowHttpLoopback: boolean
}

export interface UpstreamRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

/** Rejects with words for administrators. */
export function createUpstreamFetch(
  fetches: UpstreamFetches,
  { allowsPrivateNetwork }: { readonly allowsPrivateNetwork: boolean },
): (url: string, request: UpstreamRequest) => Promise<Response> {
  const fetchOne = allowsPrivateNetwork ? fetches.private : fetches.public
  return async (text, { method, headers, body }) => {
    const url = new URL(text)
    if (url.protocol !== 'https:' && !(fetches.allowHttpLoopback && isLoopbackUrl(url)))
      throw new Error(`${url.host} is not reached by https`)
    const signal = AbortSignal.timeout(timeoutMs)
    const answer = await fetchOne(text, { method, headers, body, signal })
    const { status, headers: given } = answer
    const bytes = await readBounded(answer)
    return new Response(bytes.length === 0 ? null : bytes, { status, headers: given })
  }
}

async function readBounded({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
