/** @module Tables for a terminal: columns as wide as their widest cell, two spaces apart, nothing else. */
import { printable } from './printable.js'

/** A line of titles, then one for each row. */
export function formatTable(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [titles, ...rows].map((cells) => cells.map((cell) => printable(cell)))
  const widths = titles.map((_, column) => Math.max(...lines.map((cells) => widthOf(cells[column] ?? ''))))
  return lines.map((cells) =>
    cells
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  )
}

function widthOf(text: string): number {
  return [...text].length
}
