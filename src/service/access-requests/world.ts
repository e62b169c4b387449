/** @module What decisions about access requests are made from, out of the view of all resources at one moment. */
import { z } from 'zod'
import { digestRole } from '../../core/access-request/snapshot.js'
import type { RequestWorld } from '../../core/access-request/world.js'
import type { CatalogView, Parsed } from '../resources/catalog-view.js'

const digested = z.object({ version: z.unknown(), spec: z.unknown() })

/** By what was parsed: it is replaced with each change of its document. */
const digests = new WeakMap<Parsed, string | undefined>()

/** Of this view alone; it answers as the view does at each call. */
export function requestWorld(view: CatalogView): RequestWorld {
  return {
    inventory: view.inventory,
    preference: view.preference(),
    role: (name) => view.role(name),
    isUnreadable: (name) => {
      const parsed = view.parsed('role').get(name)
      return parsed !== undefined && parsed.entry === undefined
    },
    roleDigest: (name) => {
      const parsed = view.parsed('role').get(name)
      return parsed?.entry === undefined ? undefined : digestOf(parsed)
    },
    app: (name) => view.serviceProviderByName(name),
    apps: () => view.serviceProviders().map(({ value }) => value),
  }
}

function digestOf(parsed: Parsed): string | undefined {
  if (!digests.has(parsed)) {
    const document = digested.safeParse(parsed.stored.document).data
    digests.set(parsed, document && digestRole({ version: document.version, spec: document.spec }))
  }
  return digests.get(parsed)
}
