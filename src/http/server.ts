/**
 * @module The HTTP edge: express, security headers, bounded bodies, the routes of `routes/index.ts`, the web
 * page and its assets. It decides nothing; `guard.ts` checks rights and `error-handler.ts` speaks of errors.
 */
import { join } from 'node:path'
import express, {
  type ErrorRequestHandler,
  type Express,
  type NextFunction,
  type Request,
  type Response,
} from 'express'
import helmet from 'helmet'
import { GatewayError } from '../core/error.js'
import { formatRight } from '../core/role/right.js'
import { DenialLog } from '../service/audit/denials.js'
import { readBody } from './body.js'
import { clientAddress } from './client-address.js'
import { readClientCertificate, type CertificateSource } from './client-certificate.js'
import { connectorCookie, readCookie, sessionCookie } from './cookies.js'
import type { HttpDeps } from './deps.js'
import { sendStream } from './event-stream.js'
import {
  problemPage,
  sayWhenToRetry,
  sendProblem,
  toProblem,
  wantsPage,
  withoutTokens,
} from './error-handler.js'
import { authorise, identify, identifyDirectory, withConfirmation } from './guard.js'
import { apiPolicy, respond, respondStream } from './respond.js'
import { isScimPath, sendScimError } from './scim-error.js'
import type { Route } from './route.js'
import { createRoutes } from './routes/index.js'
import { loadWebPage } from './web-page.js'

export interface HttpServerOptions {
  readonly deps: HttpDeps
  /** Folder of the built web page. */
  readonly webDir: string
  /** Addresses whose `X-Forwarded-For` is believed; empty believes nobody. */
  readonly trustedProxies: readonly string[]
  /** Where client certificates of devices come from; undefined: none are looked at. */
  readonly certificates?: CertificateSource | undefined
}

/** What no page of ours uses, so that nothing that gets into one can; passkeys are for our own origin. */
const permissionsPolicy = [
  'camera',
  'microphone',
  'geolocation',
  'payment',
  'usb',
  'serial',
  'hid',
  'bluetooth',
  'midi',
  'display-capture',
  'browsing-topics',
]
  .map((feature) => `${feature}=()`)
  .concat('publickey-credentials-get=(self)', 'publickey-credentials-create=(self)')
  .join(', ')

/** Makes the express application; the caller listens. */
export function createHttpServer({ deps, webDir, trustedProxies, certificates }: HttpServerOptions): Express {
  const app = express()
  const web = loadWebPage(webDir, deps.random)
  const cookie = sessionCookie(deps.publicUrl)
  const binding = connectorCookie(deps.publicUrl)
  const routes = createRoutes(deps.kinds)
  const denials = new DenialLog(deps)
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.set('trust proxy', trustedProxies.length > 0 ? [...trustedProxies] : false)
  app.use(
    helmet({
      // `respond.ts` sets the policy that fits each answer.
      contentSecurityPolicy: false,
      frameguard: { action: 'deny' },
      strictTransportSecurity: deps.publicUrl.startsWith('https:') ? { maxAge: 31_536_000 } : false,
      referrerPolicy: { policy: 'no-referrer' },
    }),
  )

  app.use((_req: Request, res: Response, next: NextFunction) => {
    res.setHeader('Permissions-Policy', permissionsPolicy)
    next()
  })

  const run = (route: Route) => async (req: Request, res: Response) => {
    const requestId = deps.random.uuid()
    res.setHeader('X-Request-Id', requestId)
    const origin = {
      address: clientAddress(req),
      userAgent: (req.headers['user-agent'] ?? '').slice(0, 300),
      requestId,
      clientCertificate: readClientCertificate(req, certificates),
    }
    let user: string | undefined
    try {
      const admit = async () => {
        if (route.right === 'directory') return await identifyDirectory(deps, req, origin)
        const found = await identify(deps, req, cookie.name, origin)
        user = found.actor?.authority.name ?? found.session?.user.name
        authorise(deps, route, req, found)
        return found
      }
      // Resources are large and dear to read, so who may write none is refused before their body is read. Asked again
      // below: rights may have been taken away while it came.
      if (route.bodyKind === 'documents' || route.bodyKind === 'scim' || route.largeBody) await admit()
      const { bodyKind, largeBody } = route
      const sent = bodyKind === 'none' ? undefined : await readBody(largeBody ? 'large' : bodyKind, req)
      const found = withConfirmation(await admit(), req, sent)
      const query = route.parseQuery(req.query)
      const body = route.parseBody(sent)
      const answer = await route.handler({
        ...found,
        connectorBinding: readCookie(req.headers.cookie, binding.name),
        deps,
        routes,
        // Parsed by the schemas that the route was declared with; see route().
        body: body as never,
        query: query as never,
        params: req.params as Readonly<Record<string, string>>,
        rawQuery: req.url.split('?').slice(1).join('?'),
        origin,
        wantsYaml: req.accepts(['application/json', 'application/yaml']) === 'application/yaml',
        follow: {
          wantsStream: req.accepts(['application/json', 'text/event-stream']) === 'text/event-stream',
          lastEventId: /^\d{1,15}$/.exec(String(req.headers['last-event-id']))?.[0],
          gone: () => {
            const gone = new AbortController()
            res.once('close', () => gone.abort())
            return gone.signal
          },
          assertAdmitted: async () => {
            await admit()
          },
        },
        ifMatch: req.headers['if-match'],
        ifNoneMatch: req.headers['if-none-match'],
      })
      if (answer.bindConnector !== undefined) res.cookie(binding.name, answer.bindConnector, binding.options)
      respond(res, answer, cookie, web)
      if (answer.kind === 'events') await sendStream(res, answer.messages)
      if (answer.kind === 'stream') await respondStream(res, answer.chunks)
    } catch (error) {
      fail(error, { requestId, path: route.path, user }, req, res)
      const { method, path, right } = route
      const wanted = typeof right === 'object' ? formatRight(right) : undefined
      // The answer is on its way; nothing that the event meets can change it.
      void denials.record({ user, error, method: method.toUpperCase(), path, right: wanted, origin })
    }
  }

  const fail = (
    error: unknown,
    about: { requestId: string; path?: string; user?: string | undefined },
    req: Request,
    res: Response,
  ) => {
    const { method } = req
    const origin = { method, path: withoutTokens(req.path), address: clientAddress(req) }
    if (isScimPath(req.path) && !res.headersSent) {
      if (!req.complete) res.setHeader('Connection', 'close')
      sendScimError(res, error, { ...origin, ...about }, deps.logger)
      return
    }
    const problem = toProblem(error, { ...origin, ...about }, deps.logger)
    // A body that was refused is not read to its end, so nothing else can follow on this connection.
    if (!req.complete && !res.headersSent) res.setHeader('Connection', 'close')
    if (res.headersSent) {
      if (!res.writableEnded) res.destroy()
    } else if (wantsPage(req)) {
      sayWhenToRetry(res, problem.status, problem.retryAfterSeconds)
      respond(res, problemPage(problem, error), cookie, web)
    } else {
      sendProblem(res, problem)
    }
  }

  for (const route of routes) {
    if (route.getOnly) app.head(route.path, (_, res) => void res.status(405).setHeader('Allow', 'GET').end())
    app[route.method](route.path, run(route))
  }

  const setHeaders = (res: Response) => res.setHeader('Content-Security-Policy', apiPolicy)
  app.use(
    '/assets',
    express.static(join(webDir, 'assets'), { immutable: true, maxAge: '1y', index: false, setHeaders }),
  )
  app.use((req: Request, res: Response) => {
    const isPage = (req.method === 'GET' || req.method === 'HEAD') && wantsPage(req)
    // A file that is missing at the top is no page; further down a dot is part of a name: /users/alice@example.com
    if (isPage && !/^\/[^/]*\.\w{1,8}$/.test(req.path) && !/^\/(saml|scim|assets)\//.test(req.path)) {
      respond(res, { kind: 'page', status: 200 }, cookie, web)
      return
    }
    fail(
      new GatewayError('NOT_FOUND', `there is nothing at this address`),
      { requestId: deps.random.uuid() },
      req,
      res,
    )
  })
  // What express itself refuses, such as a malformed escape in a path: its own handler would show a stack trace.
  const lastResort: ErrorRequestHandler = (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error)
      return
    }
    const malformed = new GatewayError('INVALID_INPUT', 'the path of this request has a malformed escape (%)')
    fail(error instanceof URIError ? malformed : error, { requestId: deps.random.uuid() }, req, res)
  }
  app.use(lastResort)
  return app
}
