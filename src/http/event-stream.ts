/**
 * @module Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) on one connection. What the
 * reader does not take waits in one message; who takes nothing for a while is cut off and asks again from where they were.
 */
import { once } from 'node:events'
import type { Response } from 'express'
import { second } from '../core/time.js'

/** One message, or a comment that keeps the connection alive. */
export interface StreamMessage {
  /** Comes back as `Last-Event-ID`. */
  readonly id: string
  /** One line; without it nothing is dispatched at the reader, only the id is kept. */
  readonly data?: string | undefined
}

export const slowReaderMs = 20 * second

export async function sendStream(
  res: Response,
  messages: AsyncIterable<readonly StreamMessage[]>,
): Promise<void> {
  res.status(200)
  res.setHeader('Content-Type', 'text/event-stream')
  // Proxies that collect answers would keep news from the reader.
  res.setHeader('X-Accel-Buffering', 'no')
  res.setHeader('Connection', 'close')
  // Browsers come back after so many milliseconds.
  res.write('retry: 3000\n\n')
  for await (const some of messages) {
    if (res.destroyed || !(await written(res, some.map(format).join('')))) break
  }
  res.end()
}

function format({ id, data }: StreamMessage): string {
  return data === undefined ? `: \nid: ${id}\n\n` : `id: ${id}\ndata: ${data}\n\n`
}

/** False where the reader has gone, or was cut off. */
async function written(res: Response, text: string): Promise<boolean> {
  if (res.write(text)) return true
  const signal = AbortSignal.timeout(slowReaderMs)
  const closed = new AbortController()
  const close = () => closed.abort()
  res.once('close', close)
  try {
    await once(res, 'drain', { signal: AbortSignal.any([signal, closed.signal]) })
    return true
  } catch {
    res.destroy()
    return false
  } finally {
    res.off('close', close)
  }
}
