/** @module `GET /v1/openapi.json`: this interface described for programs. It depends on the version alone. */
import { createHash } from 'node:crypto'
import { openApiAnswer, paths } from '../../api/contract.js'
import type { HttpDeps } from '../deps.js'
import { isNotModified, toEtag } from '../etag.js'
import { describeInterface } from '../openapi/describe.js'
import { json, route, type Route } from '../route.js'

export const getOpenApi = route({
  method: 'get',
  path: paths.openapi,
  right: 'public',
  summary: 'This interface as an OpenAPI document',
  answer: { kind: 'json', schema: openApiAnswer },
  handler: async ({ deps, routes, ifNoneMatch }) => {
    const { body, etag } = describeOnce(routes, deps)
    return Promise.resolve(
      isNotModified(ifNoneMatch, etag)
        ? { kind: 'not_modified', etag, shared: true }
        : { ...json(body), etag, shared: true },
    )
  },
})

interface Described {
  readonly body: unknown
  readonly etag: string
}

/** One for each server: its routes never change. */
const described = new WeakMap<readonly Route[], Described>()

function describeOnce(routes: readonly Route[], { kinds, publicUrl }: HttpDeps): Described {
  const known = described.get(routes)
  if (known !== undefined) return known
  const body = describeInterface({ routes, kinds, publicUrl })
  const etag = toEtag(createHash('sha256').update(JSON.stringify(body)).digest('base64url'))
  const made = { body, etag }
  described.set(routes, made)
  return made
}
