/**
 * @module `POST /`: where all AWS services listen. The target header or the form's `Version` tells which of them is
 * meant; an operation that is not built answers 501, in the protocol's form.
 */
import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express'
import { iam } from '../iam/index.js'
import { identitystore } from '../identitystore/index.js'
import { organizations } from '../organizations/index.js'
import { ssoAdmin } from '../sso-admin/index.js'
import { sts } from '../sts/index.js'
import type { EmulatorContext } from '../context.js'
import type { Answer } from '../answer.js'
import { decodeUtf8 } from './decode-utf8.js'
import { answerAws } from './engine.js'
import { AwsError } from './error.js'
import { jsonProtocol, writeJsonError } from './json-protocol.js'
import type { Operation, Service } from './operation.js'
import { queryProtocol, writeQueryError } from './query-protocol.js'

/** Every AWS service of the emulator. */
export const services: readonly Service[] = [ssoAdmin, identitystore, organizations, iam, sts]

const byWireName = new Map(services.map((service) => [service.dialect.wireName, service]))
const byOperation = new Map(
  services.map((service) => [
    service,
    new Map(service.operations.map((operation) => [operation.name, operation])),
  ]),
)

/**
 * AWS takes bodies of up to about 1 MB on these services; a policy document is the largest part of any. Nothing is
 * unpacked: the signature is of the bytes as they were sent.
 */
const raw = express.raw({ type: () => true, limit: '1mb', inflate: false })

const unknownNamespace = 'https://emulator.invalid/'

export function mountAws(router: Router, context: EmulatorContext): void {
  const refuseBody: ErrorRequestHandler = (error: unknown, req, res, next) => {
    const refusal = bodyError(error)
    if (refusal === undefined || res.headersSent) next(error)
    else sendError(context, req, res, refusal)
  }
  router.post(
    '/',
    raw,
    async (req: Request, res: Response) => {
      const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
      if (isJson(req)) await answerJson(context, req, res, body)
      else await answerQuery(context, req, res, body)
    },
    refuseBody,
  )
  router.use((req, res, next) => {
    if (!isForAws(req)) {
      next()
      return
    }
    countUnbuilt(context, undefined, '')
    sendError(context, req, res, notEmulated(`${req.method} ${req.path.slice(0, 100)} of AWS`))
  })
}

/** What AWS answers but the emulator does not: Query by GET, presigned requests, services that use paths. */
function isForAws(req: Request): boolean {
  if (/^AWS4-/.test(req.headers.authorization ?? '')) return true
  if (req.path !== '/') return false
  const query = new URLSearchParams(req.url.split('?', 2)[1] ?? '')
  return ['Action', 'X-Amz-Algorithm', 'X-Amz-Signature'].some((name) => query.has(name))
}

/** Which protocol a request means; one that gives no sign of either is a form without an action. */
function isJson(req: Request): boolean {
  const type = req.headers['content-type'] ?? ''
  return req.headers['x-amz-target'] !== undefined || type.startsWith('application/x-amz-json')
}

async function answerJson(
  context: EmulatorContext,
  req: Request,
  res: Response,
  body: Buffer,
): Promise<void> {
  const target = String(req.headers['x-amz-target'] ?? '')
  if (!/^application\/x-amz-json-1\.1 *(;|$)/i.test(req.headers['content-type'] ?? '')) {
    const message = 'the Content-Type of this protocol is application/x-amz-json-1.1'
    sendError(context, req, res, new AwsError('UnknownOperationException', message, 404))
    return
  }
  const [, wireName = '', name = ''] = /^(\w+)\.(\w+)$/.exec(target) ?? []
  const { service, operation } = find(wireName, name, 'json')
  if (service !== undefined && operation !== undefined) {
    await answerAws(context, req, res, { service, operation, body, protocol: jsonProtocol(body) })
  } else if (name === '') {
    const message = 'X-Amz-Target does not name an operation'
    sendError(context, req, res, new AwsError('UnknownOperationException', message))
  } else {
    countUnbuilt(context, service, name)
    sendError(context, req, res, notEmulated(`the operation ${target}`))
  }
}

async function answerQuery(
  context: EmulatorContext,
  req: Request,
  res: Response,
  body: Buffer,
): Promise<void> {
  const text = decodeUtf8(body)
  if (text === undefined) {
    sendError(context, req, res, new AwsError('MalformedInput', 'the body is not UTF-8'))
    return
  }
  const form = new URLSearchParams(text)
  const name = form.get('Action') ?? ''
  const version = form.get('Version')
  const { service, operation } = find(version ?? '', name, 'query')
  if (service !== undefined && operation !== undefined) {
    await answerAws(context, req, res, {
      service,
      operation,
      body,
      protocol: queryProtocol(service.dialect, form),
    })
    return
  }
  const namespace = service?.dialect.namespace
  if (name === '') {
    const message = 'The request is missing an action or a required parameter.'
    sendError(context, req, res, new AwsError('MissingAction', message), namespace)
  } else if (version === null) {
    const message = `Could not find operation ${name.slice(0, 100)} for version NO_VERSION_SPECIFIED`
    sendError(context, req, res, new AwsError('InvalidAction', message), namespace)
  } else {
    countUnbuilt(context, service, name)
    const what = `the action ${name.slice(0, 100)} of version ${version.slice(0, 100)}`
    sendError(context, req, res, notEmulated(what), namespace)
  }
}

function find(
  wireName: string,
  name: string,
  protocol: 'json' | 'query',
): { service?: Service | undefined; operation?: Operation | undefined } {
  const service = byWireName.get(wireName)
  if (service?.dialect.protocol !== protocol) return {}
  return { service, operation: byOperation.get(service)?.get(name) }
}

/** Names of our services' operations are counted one by one; whatever else a stranger calls is one number. */
function countUnbuilt(context: EmulatorContext, service: Service | undefined, name: string): void {
  const isName = service !== undefined && /^[A-Z][A-Za-z]{2,63}$/.test(name)
  context.calls.count(isName ? `not-emulated:${service.dialect.service}:${name}` : 'not-emulated', 'unknown')
}

function notEmulated(what: string): AwsError {
  return new AwsError('NotEmulated', `${what} is not built in this emulator`, 501)
}

/** What the body parser refused, as AWS would; undefined for a failure of our own. */
function bodyError(error: unknown): AwsError | undefined {
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  if (status === 413) {
    return new AwsError('RequestEntityTooLargeException', 'the body is larger than 1 MB', 413)
  }
  if (status === 415) {
    return new AwsError('UnsupportedMediaTypeException', 'bodies with a Content-Encoding are not taken', 415)
  }
  return undefined
}

/** An error of a request that reached no operation. */
function sendError(
  context: EmulatorContext,
  req: Request,
  res: Response,
  error: AwsError,
  namespace: string = unknownNamespace,
): void {
  const requestId = context.random.uuid()
  const { status, headers, body }: Answer = isJson(req)
    ? writeJsonError(error, requestId)
    : writeQueryError(error, requestId, namespace)
  const bytes = Buffer.from(body)
  res.writeHead(status, { ...headers, 'Content-Length': bytes.length }).end(bytes)
}
