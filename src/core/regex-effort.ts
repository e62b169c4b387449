/**
 * @module What compiling a regular expression will cost, told from its text: RE2 bounds the size of what it has compiled,
 * and by then the work is done. The answer errs to the high side; only expressions that no role needs come near a limit.
 */

/** Microseconds, measured: every expression, an instruction, an instruction that holds a class of many ranges. */
const effortOf = { expression: 100, instruction: 2, largeClass: 15 }
/** Microseconds to read `\pL`, and a range up to letters beyond ASCII that has to be folded. */
const parseEffort = { unicodeClass: 150, foldedRange: 4000, range: 1 }

const repetition = /\{(\d{1,9})(,(\d{0,9}))?\}/y
const escape = /\\(?:x\{[^}]*\}|x..|[pP]\{[^}]*\}|[pP].|[^])/suy
const group = /\((?:\?(?:P?<[^>]*>|[^:)]*:?))?/y

/** Microseconds, about; `pattern` as RE2 reads it, valid or not. */
export function estimateRegexEffort(pattern: string): number {
  const folds = /\(\?[a-zA-Z-]*i/.test(pattern)
  const open: number[] = []
  // Of the innermost open group so far, and of the last part in it: what a repetition repeats.
  let whole: number = effortOf.expression
  let last = 0
  const add = (effort: number) => {
    whole += effort
    last = effort
  }
  for (let at = 0; at < pattern.length;) {
    const sign = pattern[at]
    const repeated = sign === '{' ? take(repetition, pattern, at) : undefined
    if (repeated !== undefined) {
      const [text, least = '', , most = ''] = repeated
      const times = Math.max(Number(least), Number(most), 1)
      // A copy that may be left out is an alternative: one more instruction.
      const optional = Math.max(times - Number(least), 0)
      const copies = (times - 1) * last + optional * effortOf.instruction
      whole += copies
      last += copies
      at += text.length
    } else if (sign === '(') {
      open.push(whole)
      whole = 2 * effortOf.instruction
      at += take(group, pattern, at)?.[0].length ?? 1
    } else if (sign === ')') {
      const inner = whole
      whole = open.pop() ?? 0
      add(inner)
      at++
    } else if (pattern.startsWith('\\Q', at)) {
      const end = pattern.indexOf('\\E', at)
      const length = (end < 0 ? pattern.length : end) - at
      add(length * effortOf.instruction)
      at += length + 2
    } else if (sign === '\\' || sign === '[') {
      const text =
        sign === '[' ? pattern.slice(at, endOfClass(pattern, at)) : (take(escape, pattern, at)?.[0] ?? sign)
      // Read once, however often it is repeated.
      whole += parseEffortOf(text, folds)
      add(/\\[pPDSW]/.test(text) ? effortOf.largeClass : effortOf.instruction)
      at += text.length
    } else {
      add(effortOf.instruction)
      at++
    }
  }
  // Groups that are never closed: RE2 refuses them, and until then they count.
  return open.reduce((sum, effort) => sum + effort, whole)
}

function take(expression: RegExp, pattern: string, at: number): RegExpExecArray | undefined {
  expression.lastIndex = at
  return expression.exec(pattern) ?? undefined
}

function parseEffortOf(text: string, folds: boolean): number {
  const large = text.match(/\\[pP]/g)?.length ?? 0
  const ranges = text.match(/-/g)?.length ?? 0
  // A range whose end is written as a plain ASCII character has no other letters to fold.
  const folded = folds ? (text.match(/-(?:\\|[^\0-\x7f])/g)?.length ?? 0) : 0
  return (
    large * parseEffort.unicodeClass * (folds ? 2 : 1) +
    ranges * parseEffort.range +
    folded * parseEffort.foldedRange
  )
}

/** Where the class that opens at `start` has ended; `]` is one of its characters where it stands first. */
function endOfClass(pattern: string, start: number): number {
  let at = start + 1
  if (pattern[at] === '^') at++
  if (pattern[at] === ']') at++
  while (at < pattern.length && pattern[at] !== ']') {
    const named = pattern.startsWith('[:', at) ? pattern.indexOf(':]', at) : -1
    if (named >= 0) at = named + 2
    else at += pattern[at] === '\\' ? 2 : 1
  }
  return Math.min(at + 1, pattern.length)
}
