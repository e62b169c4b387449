/**
 * @module Addresses that open an account with a permission set in the AWS access portal. They are built of what is known
 * of an instance of Identity Center; where its portal is not known there is none, and no guess. They give nobody access.
 */
import type { PluginSettings } from '../identity-center/settings.js'
import { identityStoreOf } from '../saml/identity-center.js'
import type { ServiceProvider } from '../saml/service-provider.js'

/** Hosts of portals: the usual one, with an alias too, and those of both address families. */
const portalHost =
  /^(?:[a-z0-9-]{1,63}\.awsapps\.com|ssoins-[0-9a-f]{16}\.(?:portal\.[a-z0-9-]{1,30}\.app\.aws|[a-z0-9-]{1,30}\.portal\.amazonaws\.com))$/
const loopbackHosts = ['localhost', '127.0.0.1', '[::1]']

/**
 * Start of the portal of a plugin's instance, without a slash at its end: the address that its service provider
 * launches, where that is a portal, else the one that AWS gives each identity store in its commercial regions.
 */
export function findPortal(
  { region }: Pick<PluginSettings, 'region'>,
  serviceProvider: Pick<ServiceProvider, 'entityId' | 'launchUrls'> | undefined,
): string | undefined {
  const launched = serviceProvider?.launchUrls.flatMap((url) => readPortal(url) ?? []) ?? []
  if (launched[0] !== undefined) return launched[0]
  const store = serviceProvider && identityStoreOf(serviceProvider.entityId)
  if (store === undefined || /^(?:cn|us-gov|us-iso)/.test(region)) return undefined
  return `https://${store}.awsapps.com/start`
}

/** Opens the account with the permission set in the portal; AWS looks sets up by name. */
export function portalLink(portal: string, accountId: string, permissionSet: string): string {
  return `${portal}/#/console?account_id=${encodeURIComponent(accountId)}&role_name=${encodeURIComponent(permissionSet)}`
}

/** Which instance a permission set belongs to, by their ARNs. */
export function isOfInstance(permissionSetArn: string, instanceArn: string): boolean {
  const [, instance] = /:::instance\/(ssoins-[\w-]{1,64})$/.exec(instanceArn) ?? []
  return instance !== undefined && permissionSetArn.includes(`:::permissionSet/${instance}/`)
}

function readPortal(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, hostname, origin, pathname } = new URL(text)
  const path = pathname.replace(/\/$/, '')
  const isLoopback = loopbackHosts.includes(hostname)
  if (!(isLoopback ? path === '/start' : protocol === 'https:' && portalHost.test(hostname))) return undefined
  return path === '' || path === '/start' ? origin + path : undefined
}
