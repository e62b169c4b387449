/**
 * @module The SCIM endpoint, `/<tenant>/scim/v2/...`: its operations, and the way of a request through
 * authentication, parameters and body to one of them. What AWS does not have is refused in SCIM's form.
 */
import type { Request, Response, Router } from 'express'
import { answerCall, type Answer, type AnsweredFault } from '../answer.js'
import type { EmulatorContext } from '../context.js'
import { authenticateScim } from './authenticate.js'
import { createGroup } from './create-group.js'
import { createUser } from './create-user.js'
import { deleteGroup } from './delete-group.js'
import { deleteUser } from './delete-user.js'
import { failed, invalid, ScimError, throttled, unauthorized, unavailable, unsupported } from './error.js'
import { getGroup } from './get-group.js'
import { getSchema } from './get-schema.js'
import { getUser } from './get-user.js'
import { readBody, type JsonObject } from './json.js'
import { listGroups } from './list-groups.js'
import { listResourceTypes } from './list-resource-types.js'
import { listSchemas } from './list-schemas.js'
import { listUsers } from './list-users.js'
import type { ScimOperation } from './operation.js'
import { patchGroup } from './patch-group.js'
import { patchUser } from './patch-user.js'
import { putUser } from './put-user.js'
import { serviceProviderConfig } from './service-provider-config.js'
import { writeError, writeResult } from './write.js'

/** Every operation of the endpoint: AWS's complete list. */
export const scimOperations: readonly ScimOperation[] = [
  ...[createUser, getUser, listUsers, patchUser, putUser, deleteUser],
  ...[createGroup, getGroup, listGroups, patchGroup, deleteGroup],
  ...[serviceProviderConfig, listResourceTypes, listSchemas, getSchema],
]

/** Parameters of SCIM that AWS lists as unsupported. */
const unsupportedParameters = ['startIndex', 'attributes', 'excludedAttributes', 'sortBy', 'sortOrder']

/** Every path of the endpoint, whichever its tenant. */
export const scimPaths = /^\/(?!_emulator\/)[^/]+\/scim(?:\/.*)?$/

export function mountScim(router: Router, context: EmulatorContext): void {
  router.all(scimPaths, (req, res) => answerScim(context, req, res))
}

interface Target {
  readonly operation: ScimOperation | undefined
  readonly id: string
}

async function answerScim(context: EmulatorContext, req: Request, res: Response): Promise<void> {
  const requestId = context.random.uuid()
  const [, tenant = '', , ...rest] = req.path.split('/')
  const { operation, id } = findTarget(req.method, rest)
  const refusal = (error: ScimError): Answer => writeError(error, requestId, context.clock.now())
  await answerCall(context, req, res, {
    operation: `scim:${operation?.name ?? 'Unsupported'}`,
    requestId,
    authenticate: () => authenticateScim(context, req.headers.authorization, tenant),
    identityOf: (who) => ({
      caller: 'token' in who ? `scim:${who.token.id}` : 'unknown',
      known: 'token' in who,
    }),
    refuse: (fault) => refusal(faultError(fault, context)),
    run: async (who) => {
      try {
        if ('problem' in who)
          throw unauthorized(who.problem === 'expired' ? context.settings.scimExpiredStatus : 401)
        if (operation === undefined) throw unsupported(`${req.method} ${req.path.slice(0, 200)}`)
        const query = readQuery(context, req)
        const { state } = context
        const body = await bodyFor(operation, req, res)
        // A reset overtook the body: nobody is sent this, and nothing may happen.
        if (context.state !== state) throw unavailable()
        const call = { context, now: context.clock.now(), id, query, body }
        const result = operation.handle(call)
        return writeResult(result.status, result.body, requestId)
      } catch (error) {
        if (error instanceof ScimError) return refusal(error)
        context.logger.error({ err: error, operation: operation?.name }, 'emulator failed')
        return refusal(new ScimError(500, 'EmulatorDefect', 'The emulator failed; its log has the reason.'))
      }
    },
  })
}

/** `segments` are those after `/scim/`; one slash at the end makes no difference. */
function findTarget(method: string, segments: readonly string[]): Target {
  const [version, collection = '', id = '', ...more] =
    segments.at(-1) === '' ? segments.slice(0, -1) : segments
  const path = id === '' ? collection : `${collection}/:id`
  const operation =
    version === 'v2' && more.length === 0
      ? scimOperations.find((one) => one.method === method && one.path === path)
      : undefined
  return { operation, id: decode(id) }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** @throws ScimError 400 for a parameter that AWS does not support, unless the setting passes over it */
function readQuery(context: EmulatorContext, req: Request): URLSearchParams {
  const query = new URL(req.originalUrl, 'http://emulator.invalid').searchParams
  const found = unsupportedParameters.find((name) => query.has(name))
  if (found !== undefined && context.settings.scimUnsupportedParameters === 'refuse') {
    throw invalid(`the parameter ${found} is not supported`)
  }
  return query
}

async function bodyFor({ method }: ScimOperation, req: Request, res: Response): Promise<JsonObject> {
  return method === 'GET' || method === 'DELETE' ? {} : await readBody(req, res)
}

function faultError(fault: AnsweredFault, { settings }: EmulatorContext): ScimError {
  switch (fault) {
    case 'throttle':
      return throttled(settings)
    case 'error':
      return failed()
    case 'expired-token':
      return unauthorized(settings.scimExpiredStatus)
    case 'region-down':
      return unavailable()
  }
}
