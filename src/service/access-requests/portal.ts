/** @module Which address opens an account assignment in the AWS access portal, by the plugins and their service providers. */
import { findPortal, isOfInstance, portalLink } from '../../core/access-request/picker-portal.js'
import type { Pair } from '../../core/inventory/pair.js'
import type { CatalogView } from '../resources/catalog-view.js'

/** Undefined where the portal of the instance is not known. */
export type PortalUrlOf = (pair: Pair) => string | undefined

export interface KnownPortal {
  readonly instanceArn: string
  /** Its start URL, without a slash at its end. */
  readonly portal: string
  readonly region: string
}

export function listPortals(view: CatalogView): KnownPortal[] {
  return view.plugins().flatMap(({ value: settings }) => {
    const { serviceProvider: name, instanceArn, region } = settings
    const portal = findPortal(settings, name === undefined ? undefined : view.serviceProviderByName(name))
    return portal === undefined ? [] : [{ instanceArn, portal, region }]
  })
}

/** For many account assignments of one moment. */
export function portalUrls(view: CatalogView): PortalUrlOf {
  const portals = listPortals(view)
  return ({ account, permissionSet }) => {
    const found = portals.find(({ instanceArn }) => isOfInstance(permissionSet.arn, instanceArn))
    return found && portalLink(found.portal, account.id, permissionSet.name)
  }
}
