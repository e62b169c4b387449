/**
 * @module The page that carries a Response to the ACS through the browser (SAML Bindings 3.5). It posts itself;
 * where scripts are off a button does. Nothing on it comes unescaped from outside, and its own policy allows one
 * script, known by its hash, and one way out.
 */
import { createHash } from 'node:crypto'
import { buildFormActions } from './form-actions.js'

export interface PostForm {
  readonly acsUrl: string
  readonly samlResponseXml: string
  /** Sent back exactly as it came; undefined leaves the field out. */
  readonly relayState: string | undefined
  /** What the button calls the service provider. */
  readonly applicationName: string
  /** Addresses whose origins the service provider sends the browser on to; see `form-actions.ts`. */
  readonly additionalFormActions?: readonly string[]
}

const script = 'document.forms[0].submit()'
const scriptHash = createHash('sha256').update(script).digest('base64')
const style =
  'body{font:1rem/1.5 system-ui,sans-serif;margin:4rem auto;max-width:32rem;padding:0 1rem;color-scheme:light dark}button{font:inherit;padding:.5rem 1rem}'
const styleHash = createHash('sha256').update(style).digest('base64')

/** Builds the page and the Content-Security-Policy that it must be sent with. */
export function buildPostForm(form: PostForm): { html: string; contentSecurityPolicy: string } {
  const name = escapeHtml(form.applicationName)
  const relayState = form.relayState === undefined ? '' : hidden('RelayState', form.relayState)
  const html =
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">' +
    `<title>Signing in to ${name}</title><style>${style}</style></head><body><main>` +
    `<h1>Signing in to ${name}</h1><p>You are signed in. If nothing happens, press the button.</p>` +
    // accept-charset: RelayState is Unicode text whatever the browser would guess.
    `<form method="post" action="${escapeHtml(form.acsUrl)}" accept-charset="utf-8">` +
    // Base64 has nothing to escape, and it is most of the page.
    `<input type="hidden" name="SAMLResponse" value="${Buffer.from(form.samlResponseXml).toString('base64')}">` +
    `${relayState}<button type="submit">Continue to ${name}</button></form></main>` +
    `<script>${script}</script></body></html>`
  const contentSecurityPolicy = [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}'`,
    `style-src 'sha256-${styleHash}'`,
    `form-action ${buildFormActions(form.acsUrl, form.additionalFormActions ?? []).join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return { html, contentSecurityPolicy }
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`
}

// Line breaks too: a literal CR in HTML source is read as LF (HTML §13.2.3.5).
const htmlReferences: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\r': '&#13;',
  '\n': '&#10;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'\r\n]/g, (found) => htmlReferences[found] ?? found)
}
