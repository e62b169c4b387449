/**
 * @module The interface described for programs: an OpenAPI 3.1 document made from the routes, the contract and the
 * kinds. Nothing in it is written by hand a second time, so it cannot tell of a route that is not there.
 */
import { z } from 'zod'
import { csrfHeader, problem } from '../../api/contract.js'
import type { Kind, Kinds } from '../../service/resources/kind.js'
import { sessionCookie } from '../cookies.js'
import type { Route } from '../route.js'
import { describeRefusals, listRefusals } from './refusals.js'
import { describeSchemas, documentRef, refOrSchema, type JsonSchema } from './schemas.js'
import { tagOf, tags } from './tags.js'

/** The OpenAPI document of these routes; `publicUrl` is the server and decides the name of the cookie. */
export function describeInterface(options: {
  readonly routes: readonly Route[]
  readonly kinds: Kinds
  readonly publicUrl: string
}): JsonSchema {
  const { routes, kinds, publicUrl } = options
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const route of routes) {
    const path = (paths[route.path.replace(/:(\w+)/g, '{$1}')] ??= {})
    path[route.method] = describeOperation(route, kinds.all)
  }
  const problemContent = { 'application/problem+json': { schema: refOrSchema(problem, 'output') } }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Gatehouse',
      version: '1',
      description:
        'An identity gateway for AWS IAM Identity Center. Every error is a problem document (RFC 9457) with a stable code.',
    },
    servers: [{ url: publicUrl }],
    tags,
    paths,
    components: {
      schemas: describeSchemas(kinds.all),
      responses: {
        Problem: {
          description: 'What is wrong and how to mend it (RFC 9457)',
          content: problemContent,
        },
        ...describeRefusals(problemContent),
        NotModified: { description: 'What the client has is what there is' },
      },
      securitySchemes: describeSecurity(publicUrl),
    },
  }
}

function describeSecurity(publicUrl: string): Record<string, JsonSchema> {
  return {
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: sessionCookie(publicUrl).name,
      description: 'The session of a browser',
    },
    csrf: {
      type: 'apiKey',
      in: 'header',
      name: csrfHeader,
      description: 'Goes with the cookie in every request that changes something; GET /v1/session tells it',
    },
    bearer: {
      type: 'http',
      scheme: 'bearer',
      description:
        'The token of a command line, of a machine user, or of the operator of the machine, who may call only what says so',
    },
  }
}

function describeOperation(route: Route, kinds: readonly Kind[]): JsonSchema {
  const { method, path, summary, operator, bodyKind } = route
  const parameters = [...describePath(path), ...describeQuery(route), ...describePreconditions(route)]
  const requires = describeRight(route)
  return {
    operationId: operationId(method, path),
    tags: [tagOf(path)],
    summary,
    ...(requires !== undefined && {
      description: `${requires}${operator ? ' The operator token may call it too.' : ''}`,
    }),
    security: listSecurity(route),
    ...(parameters.length > 0 && { parameters }),
    ...(bodyKind !== 'none' && { requestBody: { required: true, content: describeBody(route, kinds) } }),
    responses: {
      ...describeAnswer(route),
      ...(hasEtag(route) && method === 'get' && { 304: { $ref: '#/components/responses/NotModified' } }),
      ...listRefusals(route, comparesRevision(route)),
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

/** `getUsersNameSessions` for `GET /v1/users/:name/sessions`. */
function operationId(method: string, path: string): string {
  const words = path.replace(/^\/v1\//, '').match(/[A-Za-z]+/g) ?? []
  return [method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('')
}

function describeRight({ right, orRight }: Route): string | undefined {
  if (right === 'public') return undefined
  if (right === 'session') return 'For a signed-in person.'
  if (right === 'directory') return 'For an upstream directory, with a SCIM token of its connector.'
  if (right === 'documents') return 'For whoever may do what each document asks.'
  const other = orRight && ` or ${orRight.verb} on ${orRight.resource}, as the question asks`
  return `Needs a role that allows ${right.verb} on ${right.resource}${other ?? ''}.`
}

function listSecurity({ right, method }: Route): readonly JsonSchema[] {
  const cookie = method === 'get' ? { session: [] } : { session: [], csrf: [] }
  if (right === 'directory') return [{ bearer: [] }]
  return right === 'public' ? [{}] : [cookie, { bearer: [] }]
}

function describePath(path: string): JsonSchema[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    description: pathParameters[name ?? ''] ?? '',
    schema: { type: 'string' },
  }))
}

const pathParameters: Readonly<Record<string, string>> = {
  name: 'Name of the resource, the person or the application',
  id: 'Id, as its list tells it',
  handle: 'Handle of the sign-in that waits, from the address of the step-up page',
  kind: 'saml or audit: what the keys sign',
}

function describeQuery({ querySchema }: Route): JsonSchema[] {
  if (querySchema === undefined) return []
  const schema = z.toJSONSchema(querySchema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: 'query',
    required: schema.required?.includes(name) ?? false,
    schema: property,
  }))
}

/** Routes on one resource tell its revision as ETag and compare it (RFC 9110 13.1). */
function hasEtag({ answer, path }: Route): boolean {
  return answer.kind === 'json' && answer.yaml === true && path.endsWith('/:name')
}

/** Whether the route changes a resource only as it was read; a deletion may leave that out. */
function comparesRevision(route: Route): boolean {
  return (route.scoped && route.method === 'delete') || (hasEtag(route) && route.method !== 'get')
}

function describePreconditions(route: Route): JsonSchema[] {
  const header = (name: string, required: boolean, description: string) => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string' },
  })
  if (comparesRevision(route)) {
    return [
      header('If-Match', route.method === 'put', 'The ETag that was read; refused where it is another now'),
    ]
  }
  return hasEtag(route) ? [header('If-None-Match', false, 'The ETag that the client has')] : []
}

function describeBody({ bodyKind, bodySchema, path }: Route, kinds: readonly Kind[]): JsonSchema {
  if (bodyKind === 'documents')
    return describeDocuments(
      kinds.find(({ name }) => path.endsWith(`/${name}/:name`)),
      kinds,
    )
  if (bodyKind === 'scim') return { 'application/scim+json': { schema: { type: 'object' } } }
  const type = bodyKind === 'form' ? 'application/x-www-form-urlencoded' : 'application/json'
  // A form is read from its octets, so its schema says nothing of its fields.
  const schema =
    bodyKind === 'form' || bodySchema === undefined ? { type: 'object' } : refOrSchema(bodySchema, 'input')
  return { [type]: { schema } }
}

/** One document of a kind, or a file of any number of any kinds. */
function describeDocuments(kind: Kind | undefined, kinds: readonly Kind[]): JsonSchema {
  if (kind !== undefined) {
    const schema = documentRef(kind)
    return { 'application/yaml': { schema }, 'application/json': { schema } }
  }
  const one = { oneOf: kinds.map(documentRef) }
  return {
    'application/yaml': {
      schema: { type: 'string', description: 'One or more documents, separated by ---' },
    },
    'application/json': { schema: { anyOf: [one, { type: 'array', items: one }] } },
  }
}

function describeAnswer(route: Route): JsonSchema {
  const { answer } = route
  switch (answer.kind) {
    case 'json': {
      const headers = hasEtag(route) && { headers: { ETag: { schema: { type: 'string' } } } }
      const content = {
        'application/json': { schema: refOrSchema(answer.schema, 'output') },
        ...(answer.stream && { 'text/event-stream': { schema: { type: 'string' } } }),
        ...(answer.yaml && { 'application/yaml': { schema: { type: 'string' } } }),
      }
      return { [answer.status ?? 200]: { description: 'Success', ...headers, content } }
    }
    case 'scim':
      return {
        [answer.status ?? 200]: {
          description: 'As RFC 7644 says; errors too',
          content: { 'application/scim+json': { schema: { type: 'object' } } },
        },
      }
    case 'empty':
      return { 204: { description: 'Done; there is nothing to tell' } }
    case 'xml':
      return { 200: { description: 'XML', content: { 'application/samlmetadata+xml': {} } } }
    case 'text':
      return { 200: { description: 'Plain text', content: { 'text/plain': {} } } }
    case 'browser':
      return {
        200: { description: 'A page, or a form that posts itself', content: { 'text/html': {} } },
        303: {
          description: 'The browser goes on elsewhere',
          headers: { Location: { schema: { type: 'string' } } },
        },
      }
  }
}
