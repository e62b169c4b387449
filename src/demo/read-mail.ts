/** @module A mail as the demo shows it: its subject and its plain text, decoded. As much of MIME as our own mails need. */

export interface ReadMail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export function readMail(raw: string): ReadMail {
  const { headers, body } = splitPart(raw)
  return {
    to: decodeWords(headers.get('to') ?? ''),
    subject: decodeWords(headers.get('subject') ?? ''),
    text: plainText(headers, body),
  }
}

type Headers = ReadonlyMap<string, string>

function splitPart(raw: string): { readonly headers: Headers; readonly body: string } {
  const end = raw.indexOf('\r\n\r\n')
  const head = end < 0 ? raw : raw.slice(0, end)
  const headers = new Map(
    head
      .replaceAll(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line) => {
        const at = line.indexOf(':')
        return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const
      }),
  )
  return { headers, body: end < 0 ? '' : raw.slice(end + 4) }
}

/** Of several parts the first that is plain text; nothing else is shown. */
function plainText(headers: Headers, body: string): string {
  const type = headers.get('content-type') ?? 'text/plain'
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1]
  if (/^multipart\//i.test(type) && boundary !== undefined) {
    for (const part of body.split(`--${boundary}`).slice(1, -1)) {
      const inner = splitPart(part.replace(/^\r\n/, ''))
      const text = plainText(inner.headers, inner.body)
      if (text !== '') return text
    }
    return ''
  }
  if (!/^text\/plain/i.test(type)) return ''
  return decodeBody(body, headers.get('content-transfer-encoding') ?? '7bit')
    .replaceAll('\r\n', '\n')
    .trim()
}

function decodeBody(body: string, encoding: string): string {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString()
    case 'quoted-printable':
      return quotedPrintable(body.replaceAll(/=\r\n/g, ''))
    default:
      return body
  }
}

function quotedPrintable(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString()
}

/** RFC 2047. */
function decodeWords(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString()
        : quotedPrintable(word.replaceAll('_', ' ')),
    )
}
