/**
 * @module The built web page, read once at start. A refusal or problem is embedded as inert JSON, so that the
 * status code and the words arrive in one answer.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PageData } from '../api/contract.js'

export interface WebPage {
  render(data?: PageData): string
}

/** Loads `index.html` of the folder that the web build wrote. @throws when the page was not built. */
export function loadWebPage(webDir: string): WebPage {
  const html = readFileSync(join(webDir, 'index.html'), 'utf8')
  const [head, ...rest] = html.split('</head>')
  if (head === undefined || rest.length !== 1) throw new Error(`${webDir}/index.html has no single </head>`)
  return {
    render: (data) => (data ? `${head}${pageData(data)}</head>${rest[0] ?? ''}` : html),
  }
}

function pageData(data: PageData): string {
  // Only "<" can end a script element early; escaped inside JSON strings it stays the same text.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  return `<script type="application/json" id="page-data">${json}</script>`
}
