/** @module The people of the gateway with what they can sign in by; no secret is read. */
import type { User } from '../../core/user/user.js'
import type { PeopleDeps } from './deps.js'

export interface PersonView {
  readonly user: User
  readonly createdAt: number
  readonly hasPassword: boolean
  readonly factors: number
}

export async function listPeople(deps: PeopleDeps): Promise<PersonView[]> {
  const entries = await deps.catalog.listUsers()
  const credentials = await deps.store.credentials.summarise()
  return entries.map(({ value: user, stored }) => {
    const found = credentials.get(user.name)
    return {
      user,
      createdAt: stored.createdAt,
      hasPassword: found?.hasPassword ?? false,
      factors: found?.factors ?? 0,
    }
  })
}
