/**
 * @module Keeps a SCIM token, sealed and bound to the host that it was given for, after a test that writes, reads and
 * removes a user. Two slots let one be replaced without a gap. The token itself is in no answer, event or log line.
 */
import type { z } from 'zod'
import type {
  putScimTokenAnswer,
  ScimAnswer,
  scimTestAnswer,
} from '../../api/contract/identity-center-scim.js'
import { tokensInOrder } from '../../core/identity-center/scim-token-order.js'
import { GatewayError } from '../../core/error.js'
import { AwsCallError } from '../../core/governor/call.js'
import { day, parseInstant, type Instant } from '../../core/time.js'
import type { ScimClient, ScimTestResult } from '../../scim/client/scim-client.js'
import type { ScimToken } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { Authority } from '../authority.js'
import { askBefore, confirmChange, tellingInvalidProofs } from '../people/confirm-change.js'
import { record } from '../people/record.js'
import { equalText } from '../people/tokens.js'
import { applyWithin } from '../resources/apply.js'
import type { IdentityCenterDeps } from './deps.js'
import { editPlugin } from './edit-plugin.js'
import { findPlugin, type FoundPlugin } from './find-plugin.js'
import { describeScim, scimTokenContext } from './scim-tokens.js'
import type { PluginSync } from './sync-port.js'
import { withAws } from './words.js'
import { inTheNameOf } from './write-import.js'

export interface PutScimTokenInput {
  readonly baseUrl?: string | undefined
  readonly token: string
  readonly expiresAt?: string | undefined
  readonly slot?: 1 | 2 | undefined
  /** Leaves out the test that writes; that the endpoint is this instance's is looked at all the same. */
  readonly skipTest: boolean
}

const acts = [{ resource: 'plugin', verb: 'update' }]

/** AWS's tokens live for a year. */
const lifetimeMs = 365 * day

/**
 * @throws GatewayError `INVALID_INPUT` for a token, an end or a URL that cannot be, `INVALID_RESOURCE` for a host that
 * the plugin does not allow (T15); as `confirmChange`.
 */
export async function putScimToken(
  deps: IdentityCenterDeps,
  name: string,
  input: PutScimTokenInput,
  by: string,
  origin: RequestOrigin | undefined,
  authority: Authority = inTheNameOf(by),
): Promise<z.infer<typeof putScimTokenAnswer>> {
  const plugin = await findPlugin(deps, name)
  const now = deps.clock.now()
  const token = readToken(input.token)
  const expiresAt = readEnd(input.expiresAt, now)
  // Parsed by the kind before the token goes anywhere: the host has to be one that the plugin allows.
  const edited =
    input.baseUrl === undefined
      ? undefined
      : editPlugin(deps, plugin, { provisioning_spec: { base_url: input.baseUrl } })
  const baseUrl = (edited?.settings ?? plugin.settings).scimBaseUrl
  if (baseUrl === undefined) {
    throw badInput('baseUrl', 'the plugin has no SCIM URL yet: give the one that AWS shows beside the token')
  }
  const slot = await slotFor(deps, name, token, input.slot)
  // Before the test, which writes at AWS.
  await askBefore(deps, acts, authority)
  const test = await tryToken(deps, name, { baseUrl, token }, input.skipTest)
  if (test?.ok === false) {
    return { saved: false, test: toAnswer(test), scim: await readScim(deps, plugin) }
  }
  const kept = { plugin, edited, baseUrl, token, expiresAt, slot, by, authority, origin }
  await tellingInvalidProofs(deps, origin, async () => await keep(deps, kept))
  ;(await deps.syncs.of(name)).wake()
  const scim = await readScim(deps, await findPlugin(deps, name))
  return { saved: true, ...(test !== undefined && { test: toAnswer(test) }), scim }
}

/**
 * A token that is stored already stays in its slot: two slots with one token end at the same instant.
 * @throws GatewayError `INVALID_INPUT` where the other slot has it.
 */
async function slotFor(
  { store, sealer }: Pick<IdentityCenterDeps, 'store' | 'sealer'>,
  plugin: string,
  token: string,
  wanted: 1 | 2 | undefined,
): Promise<1 | 2 | undefined> {
  for (const { slot, sealedToken } of await store.scimTokens.list(plugin)) {
    // One that cannot be opened any more is no reason to refuse another.
    const known = await sealer.unseal(sealedToken, scimTokenContext(plugin, slot)).catch(() => undefined)
    if (known === undefined || !equalText(known, token)) continue
    if (wanted === undefined || wanted === slot) return slot
    throw badInput(
      'token',
      `this very token is in slot ${slot} already, and would end in both at once; make another one in Identity Center`,
    )
  }
  return wanted
}

interface Kept {
  readonly plugin: FoundPlugin
  readonly edited: ReturnType<typeof editPlugin> | undefined
  readonly baseUrl: string
  readonly token: string
  readonly expiresAt: Instant
  readonly slot: 1 | 2 | undefined
  readonly by: string
  readonly authority: Authority
  readonly origin: RequestOrigin | undefined
}

async function keep(deps: IdentityCenterDeps, kept: Kept): Promise<void> {
  const { plugin, edited, baseUrl, token, expiresAt, by, origin } = kept
  const { name } = plugin.settings
  const now = deps.clock.now()
  const sealed = {
    1: await deps.sealer.seal(token, scimTokenContext(name, 1)),
    2: await deps.sealer.seal(token, scimTokenContext(name, 2)),
  }
  await deps.store.transaction(async (tx) => {
    const preference = (await deps.catalog.readIn(tx)).preference()
    await confirmChange(tx, kept.authority, { acts, preference, now })
    const slot = kept.slot ?? chooseSlot(await tx.scimTokens.list(name), now)
    const host = new URL(baseUrl).host
    const row: ScimToken = {
      slot,
      sealedToken: sealed[slot],
      host,
      addedAt: now,
      addedBy: by,
      expiresAt,
      refusedAt: undefined,
    }
    // Before the URL, so that the plugin finds a token of the new host when it is written.
    await tx.scimTokens.put(name, row)
    if (edited !== undefined && edited.settings.scimBaseUrl !== plugin.settings.scimBaseUrl) {
      const change = { mode: 'update', dryRun: false, documents: [edited.parsed] } as const
      await applyWithin(deps, tx, change, inTheNameOf(by), origin)
    }
    const fields = { name, updated_by: by, slot, host, expires: new Date(expiresAt).toISOString() }
    const facts = { event: 'aws_identity_center.scim_token.update', success: true, user: by, fields } as const
    await record(deps, tx, facts, origin)
  })
}

/** A free one, else the one that is not in use. */
function chooseSlot(tokens: readonly ScimToken[], now: Instant): 1 | 2 {
  const taken = new Set(tokens.map(({ slot }) => slot))
  if (!taken.has(1)) return 1
  if (!taken.has(2)) return 2
  return tokensInOrder(tokens, now).at(-1)?.slot ?? 1
}

/** Runs the test with the stored token. @throws GatewayError `INVALID_INPUT` where none is stored. */
export async function testStoredScim(
  deps: IdentityCenterDeps,
  name: string,
): Promise<z.infer<typeof scimTestAnswer>> {
  await findPlugin(deps, name)
  const sync = await deps.syncs.of(name)
  return toAnswer(
    await withAws(async () => {
      const client = await sync.scim()
      return (await refuseOtherInstance(sync, client)) ?? (await deps.testScim(client))
    }),
  )
}

/** Undefined where nothing speaks against the token and the writing test is skipped. */
async function tryToken(
  deps: IdentityCenterDeps,
  name: string,
  trial: { readonly baseUrl: string; readonly token: string },
  skipTest: boolean,
): Promise<ScimTestResult | undefined> {
  const sync = await deps.syncs.of(name)
  return await withAws(async () => {
    const client = await sync.scim(trial)
    const refusal = await refuseOtherInstance(sync, client, skipTest)
    return refusal ?? (skipTest ? undefined : await deps.testScim(client))
  })
}

/** Of those that were seen in the instance so many are looked for; one that was deleted since then proves nothing. */
const lookedFor = 3

/**
 * The endpoint and the token of another instance take the same calls, and everybody would be made there, and switched
 * off. Asked before anything is written; `isLast` says that no test comes after it. Undefined where the endpoint knows whom the instance knows, or nobody is known.
 */
async function refuseOtherInstance(
  sync: PluginSync,
  client: Pick<ScimClient, 'findUser'>,
  isLast = false,
): Promise<ScimTestResult | undefined> {
  const { observation } = await sync.plan()
  const known = [...(observation.users?.values() ?? [])].slice(0, lookedFor)
  if (known.length === 0) return undefined
  try {
    for (const { id, userName } of known) {
      const found = await client.findUser(userName, { priority: 'interactive' })
      if (found?.id === id) return undefined
    }
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error
    // The test itself tells what is wrong, step by step.
    if (!isLast) return undefined
    const says = `whether the endpoint is that of this instance cannot be seen: ${error.message}`
    return { ok: false, steps: [{ name: 'read', ok: false, says }] }
  }
  const names = known.map(({ userName }) => userName).join(', ')
  const says = `the endpoint does not know ${names}, who ${known.length === 1 ? 'is' : 'are'} in this instance: its URL and token are those of another one; nothing was written`
  return {
    ok: false,
    steps: [
      { name: 'reach', ok: true, says: 'the endpoint answers' },
      { name: 'read', ok: false, says, remedy: 'Copy endpoint and token of the instance of this plugin.' },
    ],
  }
}

/** @throws GatewayError `NOT_FOUND` where the slot is empty. */
export async function deleteScimToken(
  deps: IdentityCenterDeps,
  name: string,
  slot: 1 | 2,
  by: string,
  origin: RequestOrigin | undefined,
): Promise<ScimAnswer> {
  const plugin = await findPlugin(deps, name)
  await deps.store.transaction(async (tx) => {
    if (!(await tx.scimTokens.delete(name, slot))) {
      throw new GatewayError('NOT_FOUND', `there is no SCIM token in slot ${slot}`)
    }
    const fields = { name, updated_by: by, slot }
    const facts = { event: 'aws_identity_center.scim_token.delete', success: true, user: by, fields } as const
    await record(deps, tx, facts, origin)
  })
  ;(await deps.syncs.of(name)).wake()
  return await readScim(deps, plugin)
}

/** The slots, the URL and what to do about them. */
export async function readScim(deps: IdentityCenterDeps, { settings }: FoundPlugin): Promise<ScimAnswer> {
  return describeScim(settings, await deps.store.scimTokens.list(settings.name), deps.clock.now())
}

function readToken(text: string): string {
  const token = text.trim()
  if (token !== '' && /^[\x21-\x7e]+$/.test(token)) return token
  throw badInput('token', 'the token has characters that no token of AWS has; copy it again, without spaces')
}

function readEnd(text: string | undefined, now: Instant): Instant {
  if (text === undefined) return now + lifetimeMs
  const end = parseInstant(text)
  if (end === undefined) throw badInput('expiresAt', 'expiresAt is no instant such as 2027-03-01T00:00:00Z')
  if (end <= now) throw badInput('expiresAt', 'the token has ended already; make a new one')
  if (end > now + lifetimeMs + day) throw badInput('expiresAt', 'AWS makes tokens for a year, not longer')
  return end
}

function badInput(field: string, message: string): GatewayError {
  return new GatewayError('INVALID_INPUT', message, { fields: [{ path: `body.${field}`, message }] })
}

function toAnswer({ ok, steps }: ScimTestResult): z.infer<typeof scimTestAnswer> {
  return { ok, steps: steps.map((step) => ({ ...step })) }
}
