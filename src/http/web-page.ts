/**
 * @module The built web page, read once at start. A refusal or problem is embedded as inert JSON, so that the
 * status code and the words arrive in one answer.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PageData } from '../api/contract.js'
import type { Random } from '../lib/random.js'

export interface WebPage {
  /** Unguessable, for one page: who could foresee it could bring styles of their own. */
  newNonce(): string
  /** The nonce is for scripts to read, as a property of the element: browsers keep it from style sheets and markup. */
  render(nonce: string, data?: PageData): string
}

/** Loads `index.html` of the folder that the web build wrote. @throws when the page was not built. */
export function loadWebPage(webDir: string, random: Pick<Random, 'bytes'>): WebPage {
  const html = readFileSync(join(webDir, 'index.html'), 'utf8')
  const [head, ...rest] = html.split('</head>')
  if (head === undefined || rest.length !== 1) throw new Error(`${webDir}/index.html has no single </head>`)
  return {
    newNonce: () => random.bytes(18).toString('base64'),
    render: (nonce, data) => {
      const own = `<meta property="csp-nonce" nonce="${nonce}" />${data ? pageData(data) : ''}`
      return `${head}${own}</head>${rest[0] ?? ''}`
    },
  }
}

function pageData(data: PageData): string {
  // Only "<" can end a script element early; escaped inside JSON strings it stays the same text.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  return `<script type="application/json" id="page-data">${json}</script>`
}
