/**
 * @module The accounts and permission sets that the plugins read last, as the inventory from which account assignment
 * roles are computed; account filters apply. Until a plugin has read anything it is the configured inventory. To ask is
 * one cheap question to the store; the contents are read anew only after a change of them.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { matchesFilters } from '../../core/identity-center/filter.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import type { Account, Inventory, PermissionSet } from '../../core/inventory/inventory.js'
import { isAccountId, isPermissionSetArn } from '../../core/inventory/pair.js'
import { parseSessionDuration } from '../../core/inventory/session-duration.js'
import type { Store } from '../../store/store.js'
import type { Kinds } from '../resources/kind.js'

const text = z.string().optional().catch(undefined)
/** Of what is stored about an account, what the inventory tells; the sync keeps more. */
const accountForm = z.object({
  id: z.string().refine(isAccountId),
  name: z.string(),
  formerNames: z.array(z.string()).catch([]),
  email: text,
  ouPath: text,
  tags: z.record(z.string(), z.string()).catch({}),
})
const permissionSetForm = z.object({
  arn: z.string().refine(isPermissionSetArn),
  name: z.string().min(1),
  description: text,
  sessionDuration: text,
})

export interface InventorySourceOptions {
  readonly store: Pick<Store, 'observations' | 'resources'>
  readonly kinds: Pick<Kinds, 'known'>
  /** As the configuration says: what is known before a plugin has read anything. */
  readonly configured: Inventory
}

/** Answers the inventory as it stands now; the same object as long as nothing in it has changed. */
export function createInventorySource(options: InventorySourceOptions): () => Promise<Inventory> {
  const { store, configured } = options
  let known: { readonly generation: number; readonly inventory: Inventory } | undefined
  let loading: Promise<void> | undefined

  const load = async (): Promise<void> => {
    // Read before the contents: a write in between makes the next use load again, never miss it.
    const generation = await store.observations.inventoryGeneration()
    const found = await loadInventory(options)
    const inventory = found ?? configured
    const isSame = known?.inventory.revision === inventory.revision
    known = { generation, inventory: isSame && known !== undefined ? known.inventory : inventory }
  }

  return async () => {
    const generation = await store.observations.inventoryGeneration()
    while (known === undefined || known.generation < generation) {
      loading ??= load().finally(() => (loading = undefined))
      await loading
    }
    return known.inventory
  }
}

/** Undefined where no plugin has read an account or a permission set yet. */
async function loadInventory({ store, kinds }: InventorySourceOptions): Promise<Inventory | undefined> {
  const accounts = new Map<string, Account>()
  const permissionSets = new Map<string, PermissionSet>()
  let hasRead = false
  for (const settings of await listPlugins(store, kinds)) {
    const seenAccounts = await store.observations.list(settings.name, 'account')
    const seenSets = await store.observations.list(settings.name, 'permission_set')
    hasRead ||= seenAccounts.length > 0 || seenSets.length > 0
    for (const { document } of seenAccounts) {
      const account = accountForm.safeParse(document).data
      if (account === undefined || accounts.has(account.id)) continue
      if (matchesFilters(settings.accountFilters, account)) accounts.set(account.id, toAccount(account))
    }
    for (const { document } of seenSets) {
      const set = permissionSetForm.safeParse(document).data
      if (set === undefined || permissionSets.has(set.arn)) continue
      permissionSets.set(set.arn, toPermissionSet(set))
    }
  }
  if (!hasRead) return undefined
  const contents = { accounts: [...accounts.values()], permissionSets: [...permissionSets.values()] }
  const revision = createHash('sha256').update(JSON.stringify(contents)).digest('hex').slice(0, 16)
  return { revision, ...contents }
}

/** By name. One that cannot be read has no filters to go by, and its sync stands still: it adds nothing. */
async function listPlugins(
  store: InventorySourceOptions['store'],
  kinds: InventorySourceOptions['kinds'],
): Promise<PluginSettings[]> {
  const stored = await store.resources.list('plugin')
  return stored.flatMap((resource) => {
    try {
      return kinds.known.plugin.parse(resource.document).value
    } catch {
      // The catalog reports it, and so do the status page and the doctor.
      return []
    }
  })
}

function toAccount(account: z.output<typeof accountForm>): Account {
  const { id, name, formerNames, email, ouPath, tags } = account
  return {
    id,
    name,
    formerNames,
    tags,
    ...(email !== undefined && { email }),
    ...(ouPath !== undefined && { ouPath }),
  }
}

function toPermissionSet(set: z.output<typeof permissionSetForm>): PermissionSet {
  const { arn, name, description, sessionDuration } = set
  const sessionDurationMs = parseSessionDuration(sessionDuration ?? '')
  return {
    arn,
    name,
    ...(description !== undefined && { description }),
    ...(sessionDurationMs !== undefined && { sessionDurationMs }),
  }
}
