/**
 * @module The way in for the first person. While nobody can administer, each start makes a link for an
 * administrator and ends the link of the start before; once the link is redeemed this never happens again.
 */
import { hour } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { PeopleDeps } from './deps.js'
import { prepareLink, storeLink, type LinkIssued } from './issue-link.js'
import { buildUser, createUser } from './links.js'

const firstRoles = ['editor', 'auditor', 'access']
/** Remembers whom the first link was for. */
const metaKey = 'first_admin'
const ttlMs = hour

/**
 * A link for the first administrator, or undefined where someone is there already: a user with a password, or a
 * user with the role `editor` other than the one this function made.
 * @throws GatewayError `ALREADY_EXISTS` when `name` is taken by a user who is not an administrator.
 */
export async function firstAdminLink(
  deps: PeopleDeps,
  { name = 'admin' }: { readonly name?: string } = {},
): Promise<LinkIssued | undefined> {
  const pending = await deps.store.meta.find(metaKey)
  const users = (await deps.catalog.listUsers()).map(({ value }) => value)
  if (users.some((user) => user.name !== pending && user.roles.includes('editor'))) return undefined
  const credentials = await deps.store.credentials.summarise()
  if (users.some((user) => credentials.get(user.name)?.hasPassword)) return undefined
  const exists = pending !== undefined && users.some((user) => user.name === pending)
  const person = exists ? pending : name
  const prepared = await prepareLink(deps, { kind: 'invite', user: person, createdBy: 'system', ttlMs })
  await deps.store.transaction(async (tx) => {
    // Another replica that starts now may have made the same person since the question above.
    const made =
      (await tx.meta.find(metaKey)) === person && (await tx.resources.find('user', person)) !== undefined
    if (!made) await createFirst(deps, tx, person)
    await storeLink(deps, tx, prepared, undefined)
  })
  return prepared.issued
}

async function createFirst(deps: PeopleDeps, tx: StoreTransaction, name: string): Promise<void> {
  await createUser(deps, tx, { ...buildUser(deps, { name, roles: firstRoles }), actor: 'system' }, undefined)
  await tx.meta.put(metaKey, name)
}
