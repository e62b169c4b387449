/**
 * @module The sections of the AWS configuration file (`~/.aws/config`) that are ours, and nothing else of it: what others
 * wrote stays byte for byte, comments too. A section is ours by the comment in its first line, which names the gateway
 * that it came from; keys that somebody added to one of ours stay in it. Text in, text out; nothing is read or written.
 */

/** A section that should be there. */
export interface WantedSection {
  /** As between the brackets: `profile production-ReadOnly`, `sso-session gatehouse`. */
  readonly header: string
  /** In this order; values are on one line. */
  readonly values: readonly (readonly [key: string, value: string])[]
}

export interface EditedConfig {
  readonly text: string
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  /** Wanted ones whose names sections of others have. */
  readonly taken: readonly string[]
}

interface Section {
  /** In its normal form; undefined for what stands before the first section. */
  readonly header: string | undefined
  /** With their ends; the first one is the header. */
  readonly lines: readonly string[]
}

/** The line that makes a section ours. */
export function markOf(origin: string): string {
  return `# by gatehouse aws-profile, from ${origin}; without this line the section is yours`
}

/** The text in which exactly these sections are ours of this gateway. */
export function editConfig(text: string, origin: string, wanted: readonly WantedSection[]): EditedConfig {
  const mark = markOf(origin)
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const left = new Map(wanted.map((section) => [section.header, section]))
  const changed: string[] = []
  const removed: string[] = []
  const taken: string[] = []
  let whole = ''
  for (const section of splitSections(text)) {
    const { header } = section
    const before = section.lines.join('')
    const found = header === undefined ? undefined : left.get(header)
    if (header === undefined || section.lines[1]?.trim() !== mark) {
      if (found !== undefined) {
        taken.push(found.header)
        left.delete(found.header)
      }
      whole += before
    } else if (found === undefined) {
      removed.push(header)
      const { tail } = ownPart(section)
      // The blank line that came with it goes with it; what others wrote behind it stays.
      if (whole === end || whole.endsWith(`${end}${end}`)) whole = whole.slice(0, -end.length)
      whole += tail
    } else {
      left.delete(header)
      const after = renewed(section, mark, found, end)
      if (after !== before) changed.push(header)
      whole += after
    }
  }
  for (const section of left.values()) {
    if (whole !== '' && !whole.endsWith('\n')) whole += end
    const lines = [`[${section.header}]`, mark, ...section.values.map(([key, value]) => `${key} = ${value}`)]
    whole += `${whole === '' ? '' : end}${lines.join(end)}${end}`
  }
  return { text: whole, added: [...left.keys()], changed, removed, taken }
}

/** As the SDKs read a header: spaces do not count, and a name may be quoted. */
const headerPattern = /^\[([^\]\r\n]{1,1000})\][ \t]*(?:[#;].*)?\r?\n?$/

function splitSections(text: string): Section[] {
  const sections: { header: string | undefined; lines: string[] }[] = [{ header: undefined, lines: [] }]
  for (const line of text.match(/[^\n]*\n|[^\n]+/g) ?? []) {
    const inside = headerPattern.exec(line)?.[1]
    if (inside === undefined) sections.at(-1)?.lines.push(line)
    else sections.push({ header: normalHeader(inside), lines: [line] })
  }
  return sections
}

function normalHeader(inside: string): string {
  const [, word = '', name = ''] = /^\s*(\S+)\s*(.*?)\s*$/.exec(inside) ?? []
  const bare = /^(["'])(.*)\1$/.exec(name)?.[2] ?? name
  return bare === '' ? word : `${word} ${bare}`
}

/** Blank lines and comments at the end of a section belong to whatever follows. */
function ownPart({ lines }: Section): { readonly own: readonly string[]; readonly tail: string } {
  const last = lines.findLastIndex((line, place) => place < 2 || /^\s*[^\s#;]/.test(line))
  return { own: lines.slice(0, last + 1), tail: lines.slice(last + 1).join('') }
}

function renewed(section: Section, mark: string, wanted: WantedSection, end: string): string {
  const { own, tail } = ownPart(section)
  const ours = new Set(wanted.values.map(([key]) => key))
  const [head = ''] = own
  const others = own.slice(2).filter((line) => !ours.has(keyOf(line)))
  const values = wanted.values.map(([key, value]) => `${key} = ${value}${end}`)
  const text = [head, `${mark}${end}`, ...values, ...others].join('')
  return tail !== '' && !text.endsWith('\n') ? `${text}${end}${tail}` : text + tail
}

function keyOf(line: string): string {
  const [key = ''] = line.split('=', 1)
  return key.trim()
}
