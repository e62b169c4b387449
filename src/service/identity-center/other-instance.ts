/**
 * @module Whether the SAML metadata that a plugin's service provider was made from is that of its instance: people would
 * be signed in to another one. Which identity store an instance has is known once AWS was asked; it never asks AWS.
 */
import { noteNames } from '../../core/identity-center/note-names.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import { identityStoreOf } from '../../core/saml/identity-center.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { StoreTransaction } from '../../store/store.js'
import { isMap } from '../resources/present.js'

/** A sentence with both ids where the entity ID is of another instance; undefined where it is not, or nobody knows. */
export async function findOtherInstance(
  store: Pick<StoreTransaction, 'notes'>,
  { name, instanceArn }: Pick<PluginSettings, 'name' | 'instanceArn'>,
  { name: serviceProvider, entityId }: Pick<ServiceProvider, 'name' | 'entityId'>,
): Promise<string | undefined> {
  const said = identityStoreOf(entityId)
  if (said === undefined) return undefined
  const known = await readIdentityStore(store, name, instanceArn)
  if (known === undefined || known === said) return undefined
  return (
    `the metadata of the service provider "${serviceProvider}" is of the instance with the identity store ${said}, ` +
    `and the plugin "${name}" is for the one with ${known}; use the metadata that IAM Identity Center shows in that instance`
  )
}

/** As a test of the connection or a look at AWS found it for this very instance. */
async function readIdentityStore(
  { notes }: Pick<StoreTransaction, 'notes'>,
  plugin: string,
  instanceArn: string,
): Promise<string | undefined> {
  for (const name of [noteNames.tested(plugin), noteNames.reading(plugin)]) {
    const note = await notes.find(name)
    const store = isMap(note) ? note['identityStore'] : undefined
    if (isMap(store) && store['instanceArn'] === instanceArn && typeof store['id'] === 'string')
      return store['id']
  }
  return undefined
}

/** Whether anything in AWS is bound to the plugin: then it stays with its instance. */
export async function isBound(
  plugin: string,
  tx: Pick<StoreTransaction, 'principalLinks' | 'ledger'>,
): Promise<boolean> {
  return (await tx.principalLinks.list(plugin)).length > 0 || (await tx.ledger.list(plugin)).length > 0
}
