/**
 * @module The small parts of which the page at `/` is made. Each gives escaped HTML.
 */
import { escapeHtml } from '../html.js'
import type { Held, Link } from './views.js'

export function linkTo(link: Link): string {
  const note = link.note === '' ? '' : ` <span class="note">${escapeHtml(link.note)}</span>`
  const href = `/?${link.kind}=${encodeURIComponent(link.id)}`
  return `<a href="${escapeHtml(href)}">${escapeHtml(link.name)}</a>${note}`
}

/** A table that scrolls by itself where the window is narrow; `rows` are cells of escaped HTML. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  empty: string,
): string {
  if (rows.length === 0) return `<p class="empty">${escapeHtml(empty)}</p>`
  const head = heads.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('')
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n')
  return `<div class="scroll" tabindex="0" role="group" aria-label="${escapeHtml(caption)}"><table>
<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** A part of the page that is drawn again when something happens; `id` must stay the same. */
export function section(id: string, title: string, content: string, note = ''): string {
  const aside = note === '' ? '' : `<p class="soft">${escapeHtml(note)}</p>`
  return `<section id="${id}" data-live aria-labelledby="${id}-title">
<h2 id="${id}-title">${escapeHtml(title)}</h2>${aside}
${content}</section>`
}

export function count(n: number): string {
  return n.toLocaleString('en')
}

const pageSize = 100

/** Rows of one page and the links to the others; `href` makes the address of a page, which counts from 1. */
export function paged<Row>(
  rows: readonly Row[],
  page: number,
  href: (page: number) => string,
): { readonly rows: readonly Row[]; readonly links: string } {
  const last = Math.max(1, Math.ceil(rows.length / pageSize))
  const at = Math.min(Math.max(1, page), last)
  const from = (at - 1) * pageSize
  const shown = rows.slice(from, from + pageSize)
  if (last === 1) return { rows: shown, links: '' }
  const step = (to: number, text: string): string =>
    to < 1 || to > last ? '' : `<a href="${escapeHtml(href(to))}">${text}</a>`
  return {
    rows: shown,
    links: `<nav class="pages" aria-label="Pages">${step(at - 1, 'Previous page')}
<span>${count(from + 1)} to ${count(from + shown.length)} of ${count(rows.length)}</span>${step(at + 1, 'Next page')}</nav>`,
  }
}

/** Assignments as a table; the column that is the same in every row is left out. */
export function heldTable(
  held: readonly Held[],
  without: 'account' | 'set' | 'principal',
  empty: string,
): string {
  const columns = (['account', 'set', 'principal'] as const).filter((column) => column !== without)
  const titles = { account: 'Account', set: 'Permission set', principal: 'Who' }
  const withWay = held.some(({ through }) => through !== undefined)
  return table(
    'Assignments',
    [...columns.map((column) => titles[column]), ...(withWay ? ['Held'] : [])],
    held.map((row) => [
      ...columns.map((column) => linkTo(row[column])),
      ...(withWay ? [row.through === undefined ? 'directly' : `through ${linkTo(row.through)}`] : []),
    ]),
    empty,
  )
}
