/**
 * @module The routes of the SCIM endpoint (RFC 7644 section 3.2), alike for users and groups: made here from one
 * description of each, as the routes of resources are. Who asks is the directory of the token, and it sees its own alone.
 */
import { z } from 'zod'
import { paths } from '../api/contract.js'
import { GatewayError } from '../core/error.js'
import { projectResource, type Projection } from '../core/scim/project.js'
import type { ScimObject } from '../core/scim/schema.js'
import { scimBase } from '../service/directory/address.js'
import { changeDirectoryGroup } from '../service/directory/change-group.js'
import { changeDirectoryUser } from '../service/directory/change-user.js'
import { createDirectoryGroup } from '../service/directory/create-group.js'
import { createDirectoryUser } from '../service/directory/create-user.js'
import { deleteDirectoryGroup } from '../service/directory/delete-group.js'
import { deleteDirectoryUser } from '../service/directory/delete-user.js'
import type { Directory } from '../service/directory/deps.js'
import { hasVersion } from '../service/directory/find.js'
import { getDirectoryResource } from '../service/directory/get-resource.js'
import { listDirectoryResources } from '../service/directory/list-resources.js'
import type { ScimView } from '../service/directory/represent.js'
import type { HttpDeps } from './deps.js'
import { route, type Answer, type Route } from './route.js'

/** Most resources of one page. */
const maxCount = 200
const defaultCount = 100
const maxNames = 50

/** What is not known is passed over: directories add what they like. */
const shownQuery = z.looseObject({
  attributes: z.string().max(4000).optional(),
  excludedAttributes: z.string().max(4000).optional(),
})
const listQuery = shownQuery.extend({
  filter: z.string().max(4000).optional(),
  sortBy: z.string().max(200).optional(),
  sortOrder: z.string().max(20).optional(),
  startIndex: z.string().max(20).optional(),
  count: z.string().max(20).optional(),
})
type ShownQuery = z.output<typeof shownQuery>

const sent = z.unknown()

interface Endpoint {
  readonly kind: 'user' | 'group'
  readonly list: string
  readonly one: string
  readonly words: string
  readonly create: typeof createDirectoryUser
  readonly change: typeof changeDirectoryUser
  readonly remove: typeof deleteDirectoryUser
}

const endpoints: readonly Endpoint[] = [
  {
    kind: 'user',
    list: paths.scimUsers,
    one: paths.scimUser,
    words: 'user',
    create: createDirectoryUser,
    change: changeDirectoryUser,
    remove: deleteDirectoryUser,
  },
  {
    kind: 'group',
    list: paths.scimGroups,
    one: paths.scimGroup,
    words: 'group',
    create: createDirectoryGroup,
    change: changeDirectoryGroup,
    remove: deleteDirectoryGroup,
  },
]

export function createDirectoryRoutes(): readonly Route[] {
  return [...discovery(), ...endpoints.flatMap(routesOf)]
}

type ScimAnswer = Extract<Answer, { readonly kind: 'scim' }>

const common = { right: 'directory', sameOrigin: false } as const

function routesOf({ kind, list, one, words, create, change, remove }: Endpoint): readonly Route[] {
  const typeOf = ({ scimServer }: HttpDeps) => (kind === 'user' ? scimServer.userType : scimServer.groupType)
  const show = (deps: HttpDeps, { resource, version }: ScimView, query: ShownQuery): ScimAnswer => ({
    kind: 'scim',
    body: projectResource(typeOf(deps), resource, projectionOf(query)),
    etag: version,
  })
  return [
    route({
      ...common,
      method: 'get',
      path: list,
      summary: `The ${words}s that the directory pushed`,
      answer: { kind: 'scim' },
      query: listQuery,
      handler: async ({ deps, directory, query, origin }) => {
        const input = {
          ...projectionOf(query),
          filter: query.filter === '' ? undefined : query.filter,
          sortBy: query.sortBy === '' ? undefined : query.sortBy,
          sortOrder: query.sortOrder?.toLowerCase() === 'descending' ? 'descending' : 'ascending',
          startIndex: Math.max(1, readNumber(query.startIndex, 'startIndex') ?? 1),
          count: Math.min(maxCount, Math.max(0, readNumber(query.count, 'count') ?? defaultCount)),
        } as const
        const page = await listDirectoryResources(deps, directoryOf(directory), kind, input, origin)
        return { kind: 'scim', body: listResponse(page.resources, page.total, page.startIndex) }
      },
    }),
    route({
      ...common,
      method: 'post',
      path: list,
      summary: `Pushes a ${words}`,
      answer: { kind: 'scim', status: 201 },
      scim: sent,
      query: shownQuery,
      handler: async ({ deps, directory, body, query, origin }) => {
        const view = await create(deps, directoryOf(directory), body, origin)
        const { location } = view.resource['meta'] as { location: string } // every view has one
        return { ...show(deps, view, query), status: 201, location }
      },
    }),
    route({
      ...common,
      method: 'get',
      path: one,
      summary: `One ${words} that the directory pushed`,
      answer: { kind: 'scim' },
      query: shownQuery,
      handler: async ({ deps, directory, params, query, origin, ifNoneMatch }) => {
        const view = await getDirectoryResource(
          deps,
          directoryOf(directory),
          { kind, id: params.id ?? '' },
          origin,
        )
        if (ifNoneMatch !== undefined && hasVersion(ifNoneMatch, view.version))
          return { kind: 'not_modified', etag: view.version }
        return show(deps, view, query)
      },
    }),
    ...(['put', 'patch'] as const).map((method) =>
      route({
        ...common,
        method,
        path: one,
        summary: method === 'put' ? `Replaces a ${words}` : `Changes parts of a ${words}`,
        answer: { kind: 'scim' },
        scim: sent,
        query: shownQuery,
        handler: async ({ deps, directory, params, body, query, origin, ifMatch }) => {
          const how = method === 'put' ? 'replace' : 'patch'
          const input = { id: params.id ?? '', how, sent: body, ifMatch } as const
          return show(deps, await change(deps, directoryOf(directory), input, origin), query)
        },
      }),
    ),
    route({
      ...common,
      method: 'delete',
      path: one,
      summary: `Deletes a ${words}`,
      answer: { kind: 'empty' },
      handler: async ({ deps, directory, params, origin, ifMatch }) => {
        await remove(deps, directoryOf(directory), { id: params.id ?? '', ifMatch }, origin)
        return { kind: 'empty' }
      },
    }),
  ]
}

/** RFC 7644 section 4: what there is, and what it can do. */
function discovery(): readonly Route[] {
  const all = (path: string, summary: string, of: (deps: HttpDeps) => readonly ScimObject[]): Route =>
    route({
      ...common,
      method: 'get',
      path,
      summary,
      answer: { kind: 'scim' },
      handler: ({ deps }) => {
        const resources = of(deps)
        return Promise.resolve({ kind: 'scim', body: listResponse(resources, resources.length, 1) })
      },
    })
  const single = (path: string, summary: string, of: (deps: HttpDeps) => readonly ScimObject[]): Route =>
    route({
      ...common,
      method: 'get',
      path,
      summary,
      answer: { kind: 'scim' },
      handler: ({ deps, params }) => {
        const found = of(deps).find(({ id }) => id === params.id)
        if (found === undefined) throw new GatewayError('NOT_FOUND', 'there is nothing of this id')
        return Promise.resolve({ kind: 'scim', body: found })
      },
    })
  const types = ({ scimServer, publicUrl }: HttpDeps) => scimServer.resourceTypes(scimBase(publicUrl))
  const schemas = ({ scimServer, publicUrl }: HttpDeps) => scimServer.schemas(scimBase(publicUrl))
  return [
    route({
      ...common,
      method: 'get',
      path: paths.scimConfig,
      summary: 'What the SCIM endpoint can do',
      answer: { kind: 'scim' },
      handler: ({ deps }) =>
        Promise.resolve({ kind: 'scim', body: deps.scimServer.config(scimBase(deps.publicUrl)) }),
    }),
    all(paths.scimTypes, 'The types of resources that can be pushed', types),
    single(paths.scimType, 'One type of resource that can be pushed', types),
    all(paths.scimSchemas, 'The schemas of what can be pushed', schemas),
    single(paths.scimSchema, 'One schema of what can be pushed', schemas),
  ]
}

function listResponse(
  resources: readonly ScimObject[],
  totalResults: number,
  startIndex: number,
): ScimObject {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}

/** @throws GatewayError `NOT_SIGNED_IN` where nobody asks: the guard of these routes rules that out. */
function directoryOf(directory: Directory | undefined): Directory {
  if (directory !== undefined) return directory
  throw new GatewayError('NOT_SIGNED_IN', 'a SCIM token of a connector is needed')
}

function projectionOf({ attributes, excludedAttributes }: ShownQuery): Projection {
  const names = (text: string) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .slice(0, maxNames)
  const wanted = attributes === undefined ? [] : names(attributes)
  return {
    attributes: wanted.length === 0 ? undefined : wanted,
    excluded: excludedAttributes === undefined ? [] : names(excludedAttributes),
  }
}

function readNumber(text: string | undefined, name: string): number | undefined {
  if (text === undefined || text === '') return undefined
  if (/^-?\d{1,9}$/.test(text)) return Number(text)
  throw new GatewayError('INVALID_SCIM', `${name} must be a whole number`, { scimType: 'invalidValue' })
}
