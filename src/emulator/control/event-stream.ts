/**
 * @module One reader of the event stream (server-sent events). A reader that is slower than the events is not waited for
 * and costs no memory: it goes on from the log where it stopped, and is told how many events had left the log by then.
 */
import type { Response } from 'express'
import type { EventLog, NumberedEvent } from './event-log.js'

/** Events are taken from the log in portions, so that a reader far behind holds up nobody. */
const portion = 200

export class EventReader {
  readonly #log: EventLog
  readonly #res: Response
  #lastId: number
  #isFull = false

  /** Sends what comes after `since`; the caller has sent the headers. */
  constructor(log: EventLog, res: Response, since: number) {
    this.#log = log
    this.#res = res
    this.#lastId = since
    res.on('drain', () => {
      this.#isFull = false
      this.pump()
    })
  }

  /** Sends what is new until the connection takes no more; its draining goes on from there. */
  pump(): void {
    while (!this.#isFull) {
      const lost = this.#log.firstId - this.#lastId - 1
      if (lost > 0) {
        this.#write(`event: lost\ndata: ${JSON.stringify({ type: 'lost', count: lost })}\n\n`)
        this.#lastId += lost
      }
      const events = this.#log.since(this.#lastId, portion)
      if (events.length === 0) return
      for (const event of events) {
        this.#write(format(event))
        this.#lastId = event.id
        if (this.#isFull) break
      }
    }
  }

  /** Keeps connections open that would otherwise be taken for dead. */
  beat(): void {
    if (!this.#isFull) this.#write(': heartbeat\n\n')
  }

  #write(text: string): void {
    this.#isFull = !this.#res.write(text)
  }
}

function format(event: NumberedEvent): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
