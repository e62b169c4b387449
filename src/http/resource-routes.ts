/**
 * @module The routes of one kind of resource: its list, and reading, changing and deleting one. They are made from the
 * kind, so that a new kind has its routes, rights and description without a line here. Use cases check each resource
 * (`scoped`), because a rule of a role may hold for some of them only.
 */
import {
  changeAnswer,
  changeQuery,
  paths,
  resourceAnswer,
  resourceListAnswer,
  resourceListQuery,
} from '../api/contract.js'
import { applyResources } from '../service/resources/apply.js'
import type { Kind } from '../service/resources/kind.js'
import { listResources } from '../service/resources/list.js'
import { readResource } from '../service/resources/read.js'
import { removeResource } from '../service/resources/remove.js'
import { isNotModified, readIfMatch, requireIfMatch, toEtag } from './etag.js'
import { authorityOf } from './person.js'
import {
  readOneDocument,
  toChangeAnswer,
  toResourceAnswer,
  toResourceListAnswer,
  writeEditable,
} from './resource-answer.js'
import { json, route, sentDocuments, type Answer, type Route } from './route.js'

/** The routes of one kind, for `routes/index.ts`. */
export function createResourceRoutes(kind: Kind): readonly Route[] {
  return [listOf(kind), readOf(kind), changeOf(kind), removeOf(kind)]
}

const listPath = (kind: Kind) => paths.resourceList.replace(':kind', kind.name)
const onePath = (kind: Kind) => paths.resource.replace(':kind', kind.name)
const operatorMay = (kind: Kind, verb: string): { operator?: true } =>
  kind.operatorVerbs?.includes(verb) ? { operator: true } : {}

function listOf(kind: Kind): Route {
  return route({
    method: 'get',
    path: listPath(kind),
    right: { resource: kind.name, verb: 'list' },
    ...operatorMay(kind, 'list'),
    scoped: true,
    summary: `The ${kind.title}s that one may list, by page`,
    answer: { kind: 'json', schema: resourceListAnswer, yaml: true },
    query: resourceListQuery,
    handler: async ({ deps, query, rawQuery, actor, wantsYaml }) => {
      const { limit, cursor, search, origin } = query
      const answer = await listResources(deps, {
        kind: kind.name,
        authority: authorityOf(actor),
        limit,
        ...(cursor !== undefined && { cursor }),
        ...(search !== undefined && { search }),
        ...(origin !== undefined && { origin }),
        whole: wantsYaml,
      })
      if (!wantsYaml) return json(toResourceListAnswer(answer))
      const text = `${sayLeftOut(answer.leftOut)}${answer.items.map((view) => `---\n${writeEditable(view)}`).join('')}`
      if (answer.nextCursor === undefined) return { kind: 'yaml', text }
      const next = new URLSearchParams(rawQuery)
      next.set('cursor', answer.nextCursor)
      return { kind: 'yaml', text, next: `${listPath(kind)}?${next}` }
    },
  })
}

/** A comment, so that a file of resources is not taken for all of them. */
function sayLeftOut(count: number): string {
  if (count === 0) return ''
  return `# ${count} ${count === 1 ? 'resource is' : 'resources are'} left out: your roles allow to list and not to read ${count === 1 ? 'it' : 'them'}.\n`
}

function readOf(kind: Kind): Route {
  return route({
    method: 'get',
    path: onePath(kind),
    right: { resource: kind.name, verb: 'read' },
    ...operatorMay(kind, 'read'),
    scoped: true,
    summary: `One ${kind.title}, with its revision as ETag`,
    answer: { kind: 'json', schema: resourceAnswer, yaml: true },
    handler: async ({ deps, params, actor, wantsYaml, ifNoneMatch }): Promise<Answer> => {
      const view = await readResource(deps, { kind: kind.name, name: params.name ?? '' }, authorityOf(actor))
      const etag = toEtag(view.revision)
      if (isNotModified(ifNoneMatch, etag)) return { kind: 'not_modified', etag }
      return wantsYaml
        ? { kind: 'yaml', text: writeEditable(view), etag }
        : { ...json(toResourceAnswer(view)), etag }
    },
  })
}

function changeOf(kind: Kind): Route {
  return route({
    method: 'put',
    path: onePath(kind),
    right: { resource: kind.name, verb: 'update' },
    scoped: true,
    summary: `Changes one ${kind.title}, if it still is as it was read (If-Match)`,
    answer: { kind: 'json', schema: changeAnswer, yaml: true },
    documents: sentDocuments,
    query: changeQuery,
    handler: async ({ deps, body, query, params, actor, origin, wantsYaml, ifMatch }): Promise<Answer> => {
      const expectedRevision = requireIfMatch(ifMatch)
      const document = readOneDocument(body, { kind: kind.name, name: params.name ?? '' })
      const [change] = await applyResources(
        deps,
        {
          documents: [document],
          mode: 'update',
          ...(expectedRevision !== undefined && { expectedRevision }),
          dryRun: query.dryRun ?? false,
        },
        authorityOf(actor),
        origin,
      )
      // One document is one change.
      if (change === undefined) throw new Error('applying a document told no change')
      const etag = change.revision === undefined ? {} : { etag: toEtag(change.revision) }
      return wantsYaml && change.after !== undefined
        ? {
            kind: 'yaml',
            text: writeEditable({ document: change.after, revision: change.revision }),
            ...etag,
          }
        : { ...json(toChangeAnswer(change)), ...etag }
    },
  })
}

function removeOf(kind: Kind): Route {
  return route({
    method: 'delete',
    path: onePath(kind),
    right: { resource: kind.name, verb: 'delete' },
    ...operatorMay(kind, 'delete'),
    scoped: true,
    summary: `Deletes one ${kind.title}; with If-Match only if it still is as it was read`,
    answer: { kind: 'json', schema: changeAnswer },
    query: changeQuery,
    handler: async ({ deps, query, params, actor, origin, ifMatch }) => {
      const expectedRevision = readIfMatch(ifMatch)
      const change = await removeResource(
        deps,
        {
          kind: kind.name,
          name: params.name ?? '',
          ...(expectedRevision !== undefined && { expectedRevision }),
          dryRun: query.dryRun ?? false,
        },
        authorityOf(actor),
        origin,
      )
      return json(toChangeAnswer(change))
    },
  })
}
