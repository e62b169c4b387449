/**
 * @module Names as people paste them: from a mail, a chat or a sheet. Lines, commas, semicolons and spaces stand between
 * them; `Alice Smith <alice@example.com>` means the address, quoted text is one name. One pass over the text.
 */

export interface PastedName {
  /** From 1. */
  readonly line: number
  readonly name: string
}

export interface PastedNames {
  /** Each once, where it stands first. */
  readonly names: readonly PastedName[]
  readonly problems: readonly { readonly line: number; readonly name: string; readonly problem: string }[]
}

/** More than one person puts into a list at once. */
export const maxBulkNames = 10_000
export const maxNameLength = 300

export function parsePastedNames(text: string): PastedNames {
  const found = new Map<string, PastedName>()
  const problems: { line: number; name: string; problem: string }[] = []
  let isFull = false
  const take = (name: string, line: number): void => {
    if (name === '' || found.has(name) || isFull) return
    if (name.length > maxNameLength) {
      problems.push({ line, name: name.slice(0, 50), problem: `is longer than ${maxNameLength} characters` })
    } else if (found.size >= maxBulkNames) {
      isFull = true
      const problem = `names from here on are left out: ${maxBulkNames.toLocaleString('en')} are the most at once`
      problems.push({ line, name, problem })
    } else found.set(name, { line, name })
  }
  let line = 1
  for (const { item, breaks } of splitItems(text.startsWith('\ufeff') ? text.slice(1) : text)) {
    const open = item.lastIndexOf('<')
    const close = open < 0 ? -1 : item.indexOf('>', open)
    if (close >= 0) take(item.slice(open + 1, close).trim(), line)
    else for (const word of splitWords(item)) take(word, line)
    line += breaks
  }
  return { names: [...found.values()], problems }
}

/** What stands between commas, semicolons and ends of lines, but for those within quotes, which end with their line. */
function* splitItems(text: string): Iterable<{ readonly item: string; readonly breaks: number }> {
  let start = 0
  let isQuoted = false
  for (let at = 0; at <= text.length; at += 1) {
    const character = text[at] ?? '\n'
    if (character === '"') isQuoted = !isQuoted
    const isBreak = character === '\n' || (character === '\r' && text[at + 1] !== '\n')
    if (!isBreak && (isQuoted || (character !== ',' && character !== ';'))) continue
    yield { item: text.slice(start, at), breaks: isBreak ? 1 : 0 }
    start = at + 1
    if (isBreak) isQuoted = false
  }
}

/** Words between spaces; quoted ones are whole. */
function splitWords(item: string): string[] {
  return item.split('"').flatMap((part, at) => (at % 2 === 1 ? [part.trim()] : part.split(/\s+/u)))
}
