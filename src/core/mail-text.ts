/**
 * @module Words of others in mail: in text they are one visible line of bounded length, in HTML they are escaped. Nothing
 * that somebody chose can begin another line, a header or an element.
 */
import { visibleText } from './visible-text.js'

const maxLine = 120

/** One line, at most {@link maxLine} characters unless said otherwise. */
export function mailLine(text: string, longest = maxLine): string {
  const shown = [...visibleText(text)]
  return shown.length <= longest ? shown.join('') : `${shown.slice(0, longest - 1).join('')}…`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (one) => entities[one] ?? '')
}
