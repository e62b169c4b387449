/**
 * @module The way in for the first person. While no administrator can sign in, each start makes a link for one and
 * ends the link of the start before; while one has a password, nothing happens here. Users of a connector do not count:
 * nothing signs them in in this version.
 */
import { GatewayError } from '../../core/error.js'
import { hour } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { StoreTransaction } from '../../store/store.js'
import type { PeopleDeps } from './deps.js'
import { prepareLink, storeLink, type LinkIssued } from './issue-link.js'
import { buildUser, createUser } from './links.js'

const administratorRole = 'editor'
const firstRoles = [administratorRole, 'auditor', 'access']
/** Remembers whom the first link was for. */
const metaKey = 'first_admin'
const ttlMs = hour

/**
 * A link for the first administrator, or undefined where one can sign in: a local user with the role `editor` and a
 * password. A local `editor` without a password, as a bootstrap file makes one, gets the link; only where there is
 * none is a user `name` created.
 * @throws GatewayError `ALREADY_EXISTS` when `name` is taken by a user who is no such administrator.
 */
export async function firstAdminLink(
  deps: PeopleDeps,
  { name = 'admin' }: { readonly name?: string } = {},
): Promise<LinkIssued | undefined> {
  const pending = await deps.store.meta.find(metaKey)
  const users = (await deps.catalog.listUsers()).map(({ value }) => value)
  const credentials = await deps.store.credentials.summarise()
  const canSignIn = ({ name }: User) => credentials.get(name)?.hasPassword === true
  const administrators = users.filter(isAdministrator)
  if (administrators.some(canSignIn)) return undefined
  const known = [name, pending, administrators[0]?.name].find((one) =>
    administrators.some((user) => user.name === one),
  )
  if (known === undefined && users.some((user) => user.name === name)) throw nameTaken(name)
  const person = known ?? name
  const prepared = prepareLink(deps, { kind: 'invite', user: person, createdBy: 'system', ttlMs })
  await deps.store.transaction(async (tx) => {
    // Another replica that starts now may have made the same person since the question above.
    const made =
      known !== undefined ||
      ((await tx.meta.find(metaKey)) === person && (await tx.resources.find('user', person)) !== undefined)
    if (!made) await createFirst(deps, tx, person)
    await storeLink(deps, tx, prepared, undefined)
  })
  return prepared.issued
}

async function createFirst(deps: PeopleDeps, tx: StoreTransaction, name: string): Promise<void> {
  // One that cannot be read is in no list, and is there all the same.
  if ((await tx.resources.find('user', name)) !== undefined) throw nameTaken(name)
  const user = buildUser(deps, { name, roles: firstRoles })
  await createUser(deps, tx, { user, actor: 'system' }, undefined)
  await tx.meta.put(metaKey, name)
}

/**
 * Asked before the users of a bootstrap file are stored, while the file can still be mended: what is stored is never
 * changed by it. `newcomers` are the users of the file.
 * @throws GatewayError `ALREADY_EXISTS` where {@link firstAdminLink} would throw it because of one of them.
 */
export async function assertFirstAdminName(
  deps: Pick<PeopleDeps, 'catalog'>,
  { name, newcomers }: { readonly name: string; readonly newcomers: readonly User[] },
): Promise<void> {
  const stored = (await deps.catalog.listUsers()).map(({ value }) => value)
  if ([...stored, ...newcomers].some(isAdministrator)) return
  if (stored.some((user) => user.name === name) || !newcomers.some((user) => user.name === name)) return
  const mend = `give that user the role ${administratorRole} in the bootstrap file, or choose another first_admin_name`
  throw nameTaken(name, mend)
}

function isAdministrator({ roles, origin }: User): boolean {
  return origin.kind === 'local' && roles.includes(administratorRole)
}

const mendStored =
  `choose another first_admin_name, or add a user of a new name with the role ${administratorRole} to the bootstrap ` +
  'file (what is stored already is left alone)'

function nameTaken(name: string, mend = mendStored): GatewayError {
  return new GatewayError(
    'ALREADY_EXISTS',
    `nobody can administer this gateway, and the setting first_admin_name (GATEHOUSE_FIRST_ADMIN_NAME) is "${name}", ` +
      `the name of a user who is not local or has not the role ${administratorRole}: ${mend}`,
    { name },
  )
}
