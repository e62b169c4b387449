/**
 * Wire fixtures as text: comments, directives, the request, a line of dashes, the answer. `fixtures/README.md` tells
 * the form. A file that strays from it is refused, so that a slip of the pen never passes as a comment.
 */
export interface Directive {
  readonly verb: string
  readonly text: string
}

export interface Message {
  /** Request line or status line. */
  readonly start: string
  /** Names as they are written. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

export interface Fixture {
  /** File name, such as `ListInstances.all.http`. */
  readonly name: string
  /** The part of the name before the first dot. */
  readonly operation: string
  readonly directives: readonly Directive[]
  readonly request: Message
  readonly answer: Message
}

const separator = '\n-----\n'

export function parseFixture(name: string, text: string): Fixture {
  const lines = text.split('\n')
  const first = lines.findIndex((line) => !/^[#@]/.test(line))
  const directives = lines
    .slice(0, first)
    .filter((line) => line.startsWith('@'))
    .map((line) => parseDirective(name, line))
  const parts = lines.slice(first).join('\n').split(separator)
  if (parts.length !== 2) throw new Error(`${name}: needs one line "-----" between request and answer`)
  const [request = '', answer = ''] = parts
  return {
    name,
    operation: name.split('.')[0] ?? '',
    directives,
    request: parseMessage(name, request, /^[A-Z]+ \/\S* HTTP\/1\.1$/),
    answer: parseMessage(name, answer, /^HTTP\/1\.1 \d{3}( [A-Za-z ]+)?$/),
  }
}

function parseDirective(name: string, line: string): Directive {
  const parts = /^@(clock|control) (.+)$/.exec(line)
  if (parts === null) throw new Error(`${name}: no such directive: ${line}`)
  return { verb: parts[1] ?? '', text: parts[2] ?? '' }
}

function parseMessage(name: string, text: string, start: RegExp): Message {
  const blank = text.indexOf('\n\n')
  const head = (blank === -1 ? text : text.slice(0, blank)).trimEnd().split('\n')
  const [startLine = '', ...headerLines] = head
  if (!start.test(startLine)) throw new Error(`${name}: not a start line: ${startLine}`)
  const headers = headerLines.map((line) => {
    const parts = /^([\w-]+): (.*)$/.exec(line)
    if (parts === null) throw new Error(`${name}: not a header: ${line}`)
    return [parts[1] ?? '', parts[2] ?? ''] as const
  })
  // The file ends with a line break that is no part of the body.
  return { start: startLine, headers, body: blank === -1 ? '' : text.slice(blank + 2).replace(/\n$/, '') }
}

export function headerOf(message: Message, name: string): string | undefined {
  return message.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}
