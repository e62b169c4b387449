/**
 * @module Keeps the emulator to this machine: loopback addresses only, and no call on behalf of a foreign page.
 * A name that resolves to loopback (DNS rebinding) fails by its Host, a cross-site script by its Origin,
 * and what sends no Origin, such as an image, by Sec-Fetch-Site.
 */
import type { RequestHandler } from 'express'
import { EmulatorError, invalidInput } from './error.js'

const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]']

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/**
 * Parses `HOST:PORT`; port 0 takes a free one.
 * @throws EmulatorError unless the host is a loopback address.
 */
export function parseListen(listen: string): ListenAddress {
  const parts = /^(.+):(\d{1,5})$/.exec(listen)
  const host = parts?.[1] ?? ''
  const port = Number(parts?.[2] ?? NaN)
  if (!loopbackHosts.includes(host) || !(port <= 65_535)) {
    throw invalidInput(`listen: "${listen}" is not a loopback address with a port, such as 127.0.0.1:4599`)
  }
  return { host: host === '[::1]' ? '::1' : host, port }
}

export function localHostOnly(publicUrl: string): RequestHandler {
  const publicHost = new URL(publicUrl).hostname
  return (req, _res, next) => {
    const host = (req.headers.host ?? '').replace(/:\d+$/, '')
    if (!loopbackHosts.includes(host) && host !== publicHost) {
      throw new EmulatorError(421, 'WRONG_HOST', 'this emulator answers to loopback names only')
    }
    next()
  }
}

/**
 * For every call that is not a page: browsers name the page that makes it, and only our own pages may. A person who types
 * the address is `none`; programs that are no browser send neither header.
 */
export function sameOriginOnly(publicUrl: string): RequestHandler {
  return (req, _res, next) => {
    const { origin, 'sec-fetch-site': site = 'none' } = req.headers
    const isOwn = origin === undefined || origin === new URL(publicUrl).origin
    if (!isOwn || (site !== 'none' && site !== 'same-origin')) {
      throw new EmulatorError(403, 'FOREIGN_ORIGIN', 'calls from pages of other origins are refused')
    }
    next()
  }
}
