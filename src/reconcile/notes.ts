/**
 * @module What the sync remembers beside the aggregates: how far AWS was read, and how the last cycles went. Kept in
 * the store, so that another replica goes on where this one ended and tells the same on the status page.
 */
import { z } from 'zod'
import { connectionKey } from '../core/identity-center/connection-key.js'
import { noteNames } from '../core/identity-center/note-names.js'
import { parseRestored, type Restored } from '../core/identity-center/restored.js'
import type { PluginSettings } from '../core/identity-center/settings.js'
import type { Instant } from '../core/time.js'
import type { CatalogView } from '../service/resources/catalog-view.js'
import type { NoteStore, Store } from '../store/store.js'

const instant = z.number()
const doubt = z.object({ fingerprint: z.string(), at: instant })

const readingForm = z.object({
  /** Random, of this installation: what we create carries it as part of its external id. */
  mark: z.string(),
  usersReadAt: instant.optional(),
  groupsReadAt: instant.optional(),
  accountsReadAt: instant.optional(),
  setsReadAt: instant.optional(),
  setsDescribedAt: instant.optional(),
  provisionedPairs: z.number().optional(),
  /** Permission sets provisioned in the management account, where they were read. */
  managementSets: z.array(z.string()).optional(),
  managementAccountId: z.string().optional(),
  /** Of the instance that was read. */
  identityStore: z.object({ instanceArn: z.string(), id: z.string() }).optional(),
  mayAskByPrincipal: z.boolean().default(true),
  /** When AWS refused to be asked by pair; asked again a day later, since somebody may have allowed it. */
  pairsDeniedAt: instant.optional(),
  lastScan: z.object({ at: instant, tookMs: z.number(), everyMs: z.number() }).optional(),
  /** When everything that could be done had been done for the first time. */
  firstDoneAt: instant.optional(),
  doubts: z
    .object({
      users: doubt.optional(),
      groups: doubt.optional(),
      accounts: doubt.optional(),
      permission_sets: doubt.optional(),
    })
    .default({}),
})
export type Reading = z.infer<typeof readingForm>

/** Undefined where the store was never restored, or a person has released the plan since. */
export async function readRestored(
  notes: Pick<NoteStore, 'find'>,
  plugin: string,
): Promise<Restored | undefined> {
  return parseRestored(await notes.find(noteNames.restored(plugin)))
}

const failureForm = z.object({
  key: z.string(),
  kind: z.enum(['user', 'list', 'assignment']),
  name: z.string(),
  says: z.string(),
  remedy: z.string(),
  since: instant,
  attempts: z.number(),
  notBefore: instant,
  /** By which service, whether that was at fault, and whether it answered anybody since. Older rows do not say. */
  lane: z.enum(['scim', 'aws']).optional(),
  isOfService: z.boolean().optional(),
  answeredSince: z.boolean().optional(),
})
export type Failure = z.infer<typeof failureForm>

const serviceForm = z.object({
  service: z.enum(['sso-admin', 'identitystore', 'organizations', 'iam', 'sts', 'scim']),
  rate: z.number(),
  limit: z.number(),
  calls: z.number(),
  throttled: z.number(),
  repeated: z.number().default(0),
  queue: z.number(),
})

const progressForm = z.object({
  lastSync: z
    .object({
      at: instant,
      success: z.boolean(),
      says: z.string(),
      changed: z.number(),
      remedy: z.string().optional(),
    })
    .optional(),
  /** Of the last look at AWS, where it failed. */
  scanFailure: z.object({ at: instant, says: z.string() }).optional(),
  credentials: z
    .object({ ok: z.boolean().optional(), says: z.string(), expiresAt: instant.optional() })
    .default({ says: 'Not used yet.' }),
  failures: z.array(failureForm).default([]),
  /** What was found on what we own and told already. */
  drift: z.array(z.string()).default([]),
  governor: z
    .object({
      queue: z.number(),
      secondsLeft: z.number().optional(),
      services: z.array(serviceForm),
      history: z.array(z.object({ calls: z.number(), throttled: z.number() })),
    })
    .default({ queue: 0, services: [], history: [] }),
})
export type Progress = z.infer<typeof progressForm>

const jobForm = z.object({
  kind: z.enum(['scan', 'import', 'apply', 'uninstall']),
  state: z.enum(['running', 'done', 'failed']),
  says: z.string(),
  done: z.number(),
  total: z.number().optional(),
  startedAt: instant,
  endedAt: instant.optional(),
  error: z.string().optional(),
})

export { noteNames }

/** Keeps a note as long as there is the plugin: its removal takes every note, and what ends later leaves none. */
export async function keepNote(
  store: Pick<Store, 'transaction'>,
  plugin: string,
  name: string,
  value: object,
): Promise<void> {
  await store.transaction(async (tx) => {
    if ((await tx.resources.find('plugin', plugin)) !== undefined) await tx.notes.put(name, value)
  })
}

export async function readReading(notes: NoteStore, plugin: string): Promise<Reading | undefined> {
  const found = await notes.find(noteNames.reading(plugin))
  return found === undefined ? undefined : readingForm.parse(found)
}

export async function readProgress(notes: NoteStore, plugin: string): Promise<Progress> {
  return progressForm.parse((await notes.find(noteNames.progress(plugin))) ?? {})
}

const testedForm = z.object({ of: z.string(), denied: z.array(z.string()).default([]) })

/** The blocks of the set-up script that the last connection test found refused, if it was made with these settings. */
export async function readDeniedBlocks(
  notes: Pick<NoteStore, 'find'>,
  settings: PluginSettings,
  view: Pick<CatalogView, 'integration'>,
): Promise<readonly string[]> {
  const { credentials } = settings
  const integration = credentials.kind === 'oidc' ? view.integration(credentials.integration) : undefined
  const found = testedForm.safeParse(await notes.find(noteNames.tested(settings.name)))
  if (!found.success || found.data.of !== connectionKey(settings, integration).whole) return []
  return found.data.denied
}

/** Another text whenever a connection test found another answer to `readDeniedBlocks`. */
export async function markOfDenied(notes: Pick<NoteStore, 'find'>, plugin: string): Promise<string> {
  const found = testedForm.safeParse(await notes.find(noteNames.tested(plugin)))
  return found.success && found.data.denied.length > 0 ? JSON.stringify(found.data) : ''
}

/** The last job, of whichever replica. */
export async function readJob(
  notes: NoteStore,
  plugin: string,
): Promise<z.infer<typeof jobForm> | undefined> {
  const found = await notes.find(noteNames.job(plugin))
  return found === undefined ? undefined : jobForm.parse(found)
}

const wishForm = z.object({ what: z.array(z.string()), at: instant })

/** What other replicas asked for, each once: `scan`, `resync/user/NAME`. */
export async function takeWishes(
  store: Pick<Store, 'notes' | 'transaction'>,
  plugin: string,
): Promise<readonly string[]> {
  if ((await store.notes.find(noteNames.wish(plugin))) === undefined) return []
  // Read again where nobody can add to them: what comes in between would go unread with the rest.
  return await store.transaction(async ({ notes }) => {
    const found = await notes.find(noteNames.wish(plugin))
    if (found === undefined) return []
    await notes.delete(noteNames.wish(plugin))
    return wishForm.parse(found).what
  })
}

/** Remembered as long as there is the plugin, for the holder of the lease. */
export async function wish(
  store: Pick<Store, 'transaction'>,
  plugin: string,
  what: string,
  now: Instant,
): Promise<void> {
  await store.transaction(async (tx) => {
    if ((await tx.resources.find('plugin', plugin)) === undefined) return
    const found = await tx.notes.find(noteNames.wish(plugin))
    const known = found === undefined ? [] : wishForm.parse(found).what
    await tx.notes.put(noteNames.wish(plugin), { what: [...new Set([...known, what])].slice(-1000), at: now })
  })
}
