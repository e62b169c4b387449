/**
 * @module The SCIM token that the configuration names (`GATEHOUSE_AWSIC_SCIM_TOKEN_FILE`), for gateways that are set up
 * by files alone: sealed into a slot of the one plugin at start, unless it is there already. Never logged, and never
 * sent to another host than the first that it was kept for (T15).
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { buildEvent } from '../core/audit/event.js'
import type { PluginSettings } from '../core/identity-center/settings.js'
import { day, formatInstant } from '../core/time.js'
import type { Sealer } from '../keys/keys.js'
import type { ServiceContext } from '../service/context.js'
import { scimTokenContext } from '../service/identity-center/scim-tokens.js'
import type { Catalog } from '../service/resources/catalog.js'
import type { ScimToken } from '../store/store.js'

export interface ConfiguredTokenDeps extends ServiceContext {
  readonly catalog: Pick<Catalog, 'read'>
  readonly sealer: Sealer
}

/** AWS's tokens live for a year; when this one was made nobody has said. */
const lifetimeMs = 365 * day

/**
 * Answers why it was not kept, if it was not: where no plugin, or more than one, has a SCIM address, it would have to be
 * given to an address that nobody named for it. The gateway starts all the same, since the plugin may have been removed.
 */
export async function keepConfiguredScimToken(
  deps: ConfiguredTokenDeps,
  token: string,
): Promise<string | undefined> {
  const plugins = (await deps.catalog.read()).plugins().map(({ value }) => value)
  const settings = onlyOne(plugins)
  if (typeof settings === 'string') return settings
  const { name, scimBaseUrl } = settings
  const { host } = new URL(scimBaseUrl)
  const given: GivenToken = { digest: digestOf(token), host }
  const before = await readGiven(deps)
  // The file stays as it is when somebody writes another address into the plugin: that moves no token.
  if (before?.digest === given.digest && before.host !== host) return refuseMove(before.host, host)
  const kept = await deps.store.scimTokens.list(name)
  for (const row of kept) {
    const opened = await deps.sealer.unseal(row.sealedToken, scimTokenContext(name, row.slot))
    if (opened !== token) continue
    if (row.host !== host) return refuseMove(row.host, host)
    if (before === undefined) await deps.store.notes.put(noteName, given)
    return undefined
  }
  const slot = freeSlot(kept)
  const now = deps.clock.now()
  const expiresAt = now + lifetimeMs
  const sealedToken = await deps.sealer.seal(token, scimTokenContext(name, slot))
  await deps.store.transaction(async (tx) => {
    const row = { slot, sealedToken, host, addedAt: now, addedBy: 'system', expiresAt, refusedAt: undefined }
    await tx.scimTokens.put(name, row)
    await tx.notes.put(noteName, given)
    const fields = { name, updated_by: 'system', slot, host, expires: formatInstant(expiresAt) }
    const event = {
      event: 'aws_identity_center.scim_token.update',
      success: true,
      user: 'system',
      fields,
    } as const
    await tx.audit.append(buildEvent(event, { clusterName: deps.clusterName, uid: deps.random.uuid(), now }))
  })
  return undefined
}

/** Holds for which host the configured token was first kept. */
const noteName = 'aws-identity-center-configured-scim-token'

const givenForm = z.object({ digest: z.string(), host: z.string() })
type GivenToken = z.infer<typeof givenForm>

/** The note outlives the plugin, since the file does. */
async function readGiven({ store }: ConfiguredTokenDeps): Promise<GivenToken | undefined> {
  const found = await store.notes.find(noteName)
  return found === undefined ? undefined : givenForm.parse(found)
}

/** Of a long random token nothing can be told by this. */
function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

function refuseMove(from: string, to: string): string {
  return `the token of awsic_scim_token_file was given for ${from}, and the plugin names ${to} now; it is not sent there: put a token that was made for ${to} into the file, or correct the address`
}

/** Or why there is none. */
function onlyOne(
  plugins: readonly PluginSettings[],
): (PluginSettings & { readonly scimBaseUrl: string }) | string {
  const able = plugins.flatMap((plugin) =>
    plugin.scimBaseUrl === undefined ? [] : [{ ...plugin, scimBaseUrl: plugin.scimBaseUrl }],
  )
  const [first, second] = able
  if (first !== undefined && second === undefined) return first
  const found = first === undefined ? 'no plugin has one' : `there are ${able.length}`
  return `the token of awsic_scim_token_file belongs to the one plugin with a SCIM address (spec.settings.aws_ic.provisioning_spec.base_url), and ${found}; name the plugin in the bootstrap file, or give the token by gatehouse awsic scim rotate`
}

/** A free one, else the older. */
function freeSlot(kept: readonly ScimToken[]): 1 | 2 {
  for (const slot of [1, 2] as const) if (!kept.some((row) => row.slot === slot)) return slot
  const [older] = [...kept].sort((a, b) => a.addedAt - b.addedAt)
  return older?.slot ?? 1
}
