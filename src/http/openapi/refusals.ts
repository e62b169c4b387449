/**
 * @module What may go wrong with a route, for the description of the interface: the statuses that follow from what the
 * route declares, each with its codes. Whatever else a use case refuses is the `default` answer of every route.
 */
import { STATUS_CODES } from 'node:http'
import { errorCodes } from '../../core/error.js'
import type { Route } from '../route.js'
import type { JsonSchema } from './schemas.js'

const nameOf = (status: number): string => (STATUS_CODES[status] ?? '').replaceAll(/[^A-Za-z]/g, '')

/** `components/responses` for every status below 500 that has codes; `content` is that of a problem document. */
export function describeRefusals(content: JsonSchema): Record<string, JsonSchema> {
  const statuses = [...new Set(Object.values<number>(errorCodes))].filter((status) => status < 500)
  return Object.fromEntries(
    statuses.map((status) => {
      const codes = Object.entries(errorCodes).flatMap(([code, at]) => (at === status ? [code] : []))
      return [nameOf(status), { description: `${STATUS_CODES[status] ?? ''}: ${codes.join(', ')}`, content }]
    }),
  )
}

/** The refusals of a route by status, as references. */
export function listRefusals(route: Route, comparesRevision: boolean): Record<string, JsonSchema> {
  const { right, bodyKind, querySchema, path, method } = route
  const hasBody = bodyKind !== 'none'
  const statuses = [
    ...(hasBody || querySchema !== undefined ? [400] : []),
    ...(right === 'public' ? [] : [401, 403]),
    ...(path.includes('/:') ? [404] : []),
    ...(comparesRevision ? [412] : []),
    ...(hasBody ? [413, 415] : []),
    ...(comparesRevision && method === 'put' ? [428] : []),
  ]
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/${nameOf(status)}` }]),
  )
}
