/** @module What a change does to a document, as a unified diff of its YAML, and the same change on top of another. */
import { applyPatch, formatPatch, structuredPatch, type StructuredPatch } from 'diff'

/**
 * Most lines that a comparison finds to be removed or added. The work goes with its square, so two long texts without
 * a common line would hold up everyone else.
 */
export const maxEditedLines = 1500
const context = 3

/**
 * Empty without a difference; a text that is not there is an empty file. `of` is the number of comparisons that are
 * made for one answer and share the work. What differs in more lines than can be compared is shown as all replaced.
 */
export function diffYaml(
  before: string | undefined,
  after: string | undefined,
  name: string,
  of = 1,
): string {
  if (before === after) return ''
  const label = (text: string | undefined) => (text === undefined ? '/dev/null' : name)
  const maxEditLength = Math.floor(maxEditedLines / Math.sqrt(Math.max(of, 1)))
  const [from, to, old = '', changed = ''] = [label(before), label(after), before, after]
  const patch =
    old === '' || changed === ''
      ? undefined
      : structuredPatch(from, to, old, changed, undefined, undefined, { context, maxEditLength })
  const text = formatPatch(patch ?? replaceAll(from, to, old, changed))
  // Other tools expect lines about an index before it; people do not.
  return text.slice(text.indexOf('--- '))
}

/** All lines between those that begin and those that end both texts are removed and added. */
function replaceAll(
  oldFileName: string,
  newFileName: string,
  before: string,
  after: string,
): StructuredPatch {
  const [old, changed] = [linesOf(before), linesOf(after)]
  const shorter = Math.min(old.length, changed.length)
  let start = 0
  while (start < shorter && old[start] === changed[start]) start++
  let end = 0
  while (end < shorter - start && old.at(-1 - end) === changed.at(-1 - end)) end++
  const above = Math.min(context, start)
  const below = Math.min(context, end)
  const marked = (mark: string, lines: readonly string[]) => lines.flatMap((line) => markLine(mark, line))
  const hunk = {
    oldStart: start - above + 1,
    oldLines: old.length - start - end + above + below,
    newStart: start - above + 1,
    newLines: changed.length - start - end + above + below,
    lines: [
      ...marked(' ', old.slice(start - above, start)),
      ...marked('-', old.slice(start, old.length - end)),
      ...marked('+', changed.slice(start, changed.length - end)),
      ...marked(' ', old.slice(old.length - end, old.length - end + below)),
    ],
  }
  return {
    oldFileName,
    newFileName,
    oldHeader: undefined,
    newHeader: undefined,
    hunks: [hunk],
  }
}

/** Each with its line end, which the last one may lack. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function markLine(mark: string, line: string): string[] {
  const isWhole = line.endsWith('\n')
  return isWhole ? [mark + line.slice(0, -1)] : [mark + line, '\\ No newline at end of file']
}

/** The change from `base` to `mine` made to `theirs`; undefined where both changed the same lines, or very many. */
export function rebaseText(base: string, mine: string, theirs: string): string | undefined {
  const options = { context: 1, maxEditLength: maxEditedLines }
  const patch = structuredPatch('base', 'mine', base, mine, undefined, undefined, options)
  if (patch === undefined) return undefined
  const rebased = applyPatch(theirs, patch)
  return rebased === false ? undefined : rebased
}
