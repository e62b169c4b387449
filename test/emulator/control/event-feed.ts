/**
 * A reader of the emulator's event stream, written from the standard: fields, blank lines, comments.
 */
export interface Message {
  readonly id: string
  readonly event: string
  readonly data: Record<string, unknown>
}

export class EventFeed implements AsyncDisposable {
  readonly response: Response
  /** Comment lines that have come so far. */
  comments = 0
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #abort: AbortController
  readonly #decoder = new TextDecoder()
  #text = ''

  private constructor(response: Response, abort: AbortController) {
    if (response.body === null) throw new Error('the event stream has no body')
    this.response = response
    this.#reader = response.body.getReader()
    this.#abort = abort
  }

  static async open(url: string, path = 'events', headers: Record<string, string> = {}): Promise<EventFeed> {
    const abort = new AbortController()
    const response = await fetch(`${url}/_emulator/${path}`, { headers, signal: abort.signal })
    return new EventFeed(response, abort)
  }

  /** The next block: an event, or a comment. */
  async next(): Promise<Message | 'comment'> {
    for (;;) {
      const end = this.#text.indexOf('\n\n')
      if (end !== -1) {
        const block = this.#text.slice(0, end)
        this.#text = this.#text.slice(end + 2)
        return this.#parse(block)
      }
      const { value, done } = await this.#reader.read()
      if (done) throw new Error('the event stream has ended')
      this.#text += this.#decoder.decode(value, { stream: true })
    }
  }

  /** The next `count` events. */
  async take(count: number): Promise<Message[]> {
    const messages: Message[] = []
    while (messages.length < count) {
      const message = await this.next()
      if (message !== 'comment') messages.push(message)
    }
    return messages
  }

  #parse(block: string): Message | 'comment' {
    if (block.startsWith(':')) {
      this.comments += 1
      return 'comment'
    }
    const fields = new Map(
      block.split('\n').map((line) => {
        const colon = line.indexOf(': ')
        return [line.slice(0, colon), line.slice(colon + 2)] as const
      }),
    )
    const data = JSON.parse(fields.get('data') ?? '') as Record<string, unknown>
    return { id: fields.get('id') ?? '', event: fields.get('event') ?? '', data }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort()
    return Promise.resolve()
  }
}
