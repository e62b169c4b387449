/**
 * @module The SCIM client over two stored tokens: where AWS refuses one, the other is tried once, and the refusal is
 * written down. So a token can be replaced without a gap, and an old one that ends is seen before it hurts (T15).
 */
import { AwsCallError, type CallGovernor } from '../core/governor/call.js'
import type { PluginSettings } from '../core/identity-center/settings.js'
import type { ScimClient } from '../scim/client/scim-client.js'
import type { ScimToken } from '../store/store.js'
import type { SyncDeps } from './deps.js'

/** Its calls throw AwsCallError `unauthorized` where no token is stored for the host. */
export function createScimSlots(
  deps: Pick<SyncDeps, 'store' | 'timers' | 'unseal' | 'scimClient'>,
  settings: PluginSettings,
  governor: CallGovernor,
): ScimClient {
  const clients = new Map<string, ScimClient>()

  function clientOf(token: ScimToken): ScimClient {
    const key = keyOf(token)
    let client = clients.get(key)
    if (client === undefined) {
      client = deps.scimClient({
        baseUrl: settings.scimBaseUrl ?? '',
        allowOtherHost: settings.allowOtherScimHost,
        token: () => Promise.resolve(deps.unseal(token, settings.name)),
        governor,
      })
      clients.set(key, client)
    }
    return client
  }

  async function attempt<T>(call: (client: ScimClient) => Promise<T>): Promise<T> {
    let refused: AwsCallError | undefined
    const tried = new Set<string>()
    for (;;) {
      // Read again each time: a token that was given while the refused one was tried is as good as any.
      const token = (await usableTokens(deps, settings)).find((one) => !tried.has(keyOf(one)))
      if (token === undefined) throw refused ?? noToken(settings)
      tried.add(keyOf(token))
      try {
        const result = await call(clientOf(token))
        if (token.refusedAt !== undefined) await mark(token, undefined)
        return result
      } catch (error) {
        if (!(error instanceof AwsCallError) || error.failure !== 'unauthorized') throw error
        refused = error
        if (token.refusedAt === undefined) await mark(token, deps.timers.now())
      }
    }
  }

  function mark(token: ScimToken, at: number | undefined): Promise<void> {
    return deps.store.scimTokens.markRefused(settings.name, token, at)
  }

  return {
    createUser: (user, options) => attempt((client) => client.createUser(user, options)),
    updateUser: (id, changes, options) => attempt((client) => client.updateUser(id, changes, options)),
    setActive: (id, active, options) => attempt((client) => client.setActive(id, active, options)),
    deleteUser: (id, options) => attempt((client) => client.deleteUser(id, options)),
    findUser: (userName, options) => attempt((client) => client.findUser(userName, options)),
    createGroup: (group, options) => attempt((client) => client.createGroup(group, options)),
    renameGroup: (id, name, options) => attempt((client) => client.renameGroup(id, name, options)),
    deleteGroup: (id, options) => attempt((client) => client.deleteGroup(id, options)),
    findGroup: (name, options) => attempt((client) => client.findGroup(name, options)),
    changeMembers: (id, change, options) => attempt((client) => client.changeMembers(id, change, options)),
    listMembers: (id, options) => attempt((client) => client.listMembers(id, options)),
  }
}

/** Those that were given for this host: one that AWS has not refused first, then the newest. */
export async function usableTokens(
  { store }: Pick<SyncDeps, 'store'>,
  settings: PluginSettings,
): Promise<ScimToken[]> {
  if (settings.scimBaseUrl === undefined) return []
  const { host } = new URL(settings.scimBaseUrl)
  const refused = ({ refusedAt }: ScimToken) => (refusedAt === undefined ? 0 : 1)
  return (await store.scimTokens.list(settings.name))
    .filter((token) => token.host === host)
    .sort((a, b) => refused(a) - refused(b) || b.addedAt - a.addedAt || a.slot - b.slot)
}

function keyOf({ slot, addedAt, sealedToken }: ScimToken): string {
  return `${slot}/${addedAt}/${sealedToken}`
}

function noToken({ name }: PluginSettings): AwsCallError {
  return new AwsCallError({
    failure: 'unauthorized',
    service: 'scim',
    operation: 'ServiceProviderConfig',
    awsCode: 'NoToken',
    message: `plugin "${name}" has no SCIM address and token; add them in step 4 of the set-up`,
  })
}
