/**
 * @module HTML of the emulator's pages: escaping and the one page frame. Every value that came from outside
 * passes through {@link escapeHtml}; attributes are always written in double quotes. Pages load nothing, run
 * only the script given here (by nonce) and post only where the caller says.
 */
import type { Response } from 'express'
import { systemRandom } from '../lib/random.js'

/** Escapes text for element content and for attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? '&quot;')
}

export interface Page {
  readonly status: number
  readonly title: string
  /** Content of `main`, already escaped. */
  readonly body: string
  /** Origins besides our own to which a form on this page may be posted. */
  readonly formAction?: string
  /** Script text; runs by nonce. */
  readonly script?: string
  /** Style text besides that of every page. */
  readonly style?: string
  /** The script may fetch from this origin. */
  readonly fetches?: boolean
}

const style = `
:root { color-scheme: light dark; --ink: #16191f; --soft: #545b64; --paper: #f7f8fa; --card: #fff; --line: #d5dbdb; --accent: #00578f }
@media (prefers-color-scheme: dark) { :root { --ink: #e9ebed; --soft: #aab7b8; --paper: #10161d; --card: #1b232d; --line: #3a4553; --accent: #7cc3f5 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
header { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; padding: 12px 24px; background: var(--card); border-bottom: 1px solid var(--line) }
header p { margin: 0; font-weight: 600 }
main { max-width: 760px; margin: 0 auto; padding: 24px }
h1 { font-size: 24px; margin: 0 0 16px } h2 { font-size: 17px; margin: 0 }
ul { list-style: none; margin: 0; padding: 0 }
.account { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; margin: 0 0 12px }
.soft { color: var(--soft); margin: 2px 0 8px; overflow-wrap: anywhere }
.sets { display: flex; flex-wrap: wrap; gap: 8px 20px }
a { color: var(--accent) } a:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
button { font: inherit; padding: 6px 16px; border: 1px solid var(--accent); border-radius: 6px; background: var(--card); color: var(--accent); cursor: pointer }
.spread { margin-left: auto }
`

/** Sends a whole page with headers that let it do only what it says. */
export function sendPage(res: Response, page: Page): void {
  const nonce = systemRandom.secret()
  const script = page.script === undefined ? '' : `<script nonce="${nonce}">${page.script}</script>`
  res.status(page.status).set({
    'Content-Security-Policy':
      `default-src 'none'; img-src data:; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; ` +
      (page.fetches === true ? `connect-src 'self'; ` : '') +
      `form-action 'self' ${page.formAction ?? ''}; base-uri 'none'; frame-ancestors 'none'`,
    'Cache-Control': 'no-store',
  })
  res.type('html').send(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${style}${page.style ?? ''}</style>
</head>
<body>
${page.body}
${script}
</body>
</html>
`)
}
