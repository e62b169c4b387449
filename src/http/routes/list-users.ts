/** @module `GET /v1/users`: the people whom the gateway knows, with the state of their credentials. */
import { paths, userListAnswer, type UserItem } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { listPeople } from '../../service/people/list-people.js'
import { json, route } from '../route.js'

export const listUsers = route({
  method: 'get',
  path: paths.users,
  right: { resource: 'user', verb: 'list' },
  summary: 'The people whom the gateway knows, with the state of their credentials',
  answer: { kind: 'json', schema: userListAnswer },
  handler: async ({ deps }) => {
    const catalog = await deps.catalog.read()
    const people = await listPeople(deps)
    const items = people.map(({ user, createdAt, hasPassword, factors }): UserItem => {
      const origin = user.origin.kind === 'local' ? 'local' : user.origin.connector
      return {
        name: user.name,
        roles: [...catalog.withRoleNames(user).roles],
        origin,
        hasPassword,
        factors,
        createdAt: formatInstant(createdAt),
      }
    })
    return json({ items })
  },
})
