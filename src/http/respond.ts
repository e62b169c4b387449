/**
 * @module Writes an Answer to the wire: status, headers, cookies, the security headers of each kind of answer.
 * The web page's policy forbids scripts and posts to anywhere else; the one page that posts to a service
 * provider brings its own policy, good for that provider's address alone.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { formatInstant } from '../core/time.js'
import type { SessionCookie } from './cookies.js'
import type { Answer, AnswerHeaders } from './route.js'
import type { WebPage } from './web-page.js'

/**
 * Scripts, styles and everything else are ours alone; nothing is inline but the style sheets that Mantine and CodeMirror
 * make, which carry the nonce of this one page. Scripts are trusted by where they come from, so the nonce is no use to them.
 */
function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** For answers that are data. */
export const apiPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export function respond(res: Response, answer: Answer, cookie: SessionCookie, web: WebPage): void {
  if (answer.setSession) {
    const { token, expiresAt } = answer.setSession
    res.cookie(cookie.name, token, { ...cookie.options, expires: new Date(formatInstant(expiresAt)) })
  }
  if (answer.clearSession) res.clearCookie(cookie.name, cookie.options)
  // What is answered depends on the session and must not be kept by anyone on the way.
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader('Content-Security-Policy', apiPolicy)
  switch (answer.kind) {
    case 'json':
      setHeaders(res, answer)
      res.status(answer.status ?? 200).json(answer.body)
      return
    case 'yaml':
      setHeaders(res, answer)
      // RFC 9512. Sent as octets: for text express would name a charset, which this type does not have.
      res.setHeader('Content-Type', 'application/yaml')
      res.status(answer.status ?? 200).send(Buffer.from(answer.text, 'utf8'))
      return
    case 'scim':
      setHeaders(res, answer)
      if (answer.location !== undefined) res.setHeader('Location', answer.location)
      res.setHeader('Content-Type', 'application/scim+json')
      res.status(answer.status ?? 200).send(Buffer.from(JSON.stringify(answer.body), 'utf8'))
      return
    case 'events':
      // `server.ts` sends it, for it takes its time and may fail on the way.
      return
    case 'not_modified':
      setHeaders(res, answer)
      res.status(304).end()
      return
    case 'empty':
      res.status(204).end()
      return
    case 'text':
      res.setHeader('Content-Type', answer.contentType)
      if (answer.fileName !== undefined) {
        res.setHeader('Content-Disposition', `attachment; filename="${answer.fileName}"`)
      }
      res.send(answer.text)
      return
    case 'stream':
      for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value)
      res.setHeader('Content-Type', answer.contentType)
      res.setHeader('Content-Disposition', `attachment; filename="${answer.fileName}"`)
      return
    case 'redirect':
      // 303: the browser comes back with GET whatever it sent (RFC 9110 §15.4.4).
      res.status(303).setHeader('Location', answer.location).end()
      return
    case 'xml':
      res.setHeader('Content-Type', answer.contentType)
      if (answer.fileName) {
        res.setHeader('Content-Disposition', `inline; filename="${answer.fileName}"`)
      }
      res.send(answer.body)
      return
    case 'html':
      res.setHeader('Content-Security-Policy', answer.contentSecurityPolicy)
      res.type('html').send(answer.html)
      return
    case 'page':
      sendPage(res, answer, web)
      return
  }
}

function sendPage(res: Response, { status, data }: Extract<Answer, { kind: 'page' }>, web: WebPage): void {
  const nonce = web.newNonce()
  res.setHeader('Content-Security-Policy', pagePolicy(nonce))
  res.status(status).type('html').send(web.render(nonce, data))
}

/**
 * Writes the body of a stream, with back-pressure. A failure ends the connection in the middle, so that nobody takes a
 * part for the whole; a reader that goes away ends the reading.
 * @throws what the chunks throw, once the connection has ended.
 */
export async function respondStream(
  res: Response,
  chunks: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  try {
    await pipeline(Readable.from(chunks), res)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE') return
    throw error
  }
}

/** The ETag, what it depends on (the same resource is answered as JSON or YAML; RFC 9110 12.5.5), the next page. */
function setHeaders(res: Response, { etag, next, shared, publicForS }: AnswerHeaders): void {
  if (publicForS !== undefined) res.setHeader('Cache-Control', `public, max-age=${publicForS}`)
  if (next !== undefined) res.setHeader('Link', `<${next}>; rel="next"`)
  if (etag === undefined) return
  res.setHeader('ETag', etag)
  if (shared) res.setHeader('Cache-Control', 'no-cache')
  else res.setHeader('Vary', 'Accept')
}
