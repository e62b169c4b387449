/** @module `GET /v1/kinds`: the kinds of resource, how to write one, and what the caller may do with each. */
import { kindListAnswer, paths, type KindAnswer } from '../../api/contract.js'
import type { Authority } from '../../service/authority.js'
import type { Kind } from '../../service/resources/kind.js'
import { mayOnResource } from '../../service/resources/may.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listKinds = route({
  method: 'get',
  path: paths.kinds,
  right: 'session',
  machine: true,
  operator: true,
  summary: 'The kinds of resource, with an example of each and what one may do with it',
  answer: { kind: 'json', schema: kindListAnswer },
  handler: async ({ deps, actor }) => {
    const authority = authorityOf(actor)
    const answer = { items: deps.kinds.all.map((kind) => toKindAnswer(kind, authority)) }
    return Promise.resolve(json(answer))
  },
})

const verbs = ['list', 'read', 'create', 'update', 'delete'] as const

function toKindAnswer(kind: Kind, authority: Authority): KindAnswer {
  return {
    name: kind.name,
    plural: kind.plural,
    title: kind.title,
    aliases: [...kind.aliases],
    description: kind.description,
    versions: [...kind.versions],
    ...(kind.singleton !== undefined && { singleton: kind.singleton }),
    example: kind.example,
    columns: kind.columns.map(({ key, title }) => ({ key, title })),
    verbs: listVerbs(kind, authority),
  }
}

/** What hangs on the particular resource counts as possible: asking for it tells. */
function listVerbs({ name }: Kind, authority: Authority): string[] {
  return verbs.filter((verb) => mayOnResource(authority, { resource: name, verb }).effect !== 'deny')
}
