/**
 * @module Writes the user of a sign-in and binds the subject to it, in the transaction of the sign-in and by the ordinary
 * way of resources: forms, events, guards and whatever else hangs on a user.
 */
import type { UpstreamIdentity } from '../../core/connector/identity.js'
import type { StoreTransaction } from '../../store/store.js'
import { systemAuthority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { applyWithin } from '../resources/apply.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDocument } from '../resources/kind.js'
import { isMap, shownDocument } from '../resources/present.js'
import type { ConnectorSignInDeps } from './deps.js'
import type { Judgement, SignInVerdict } from './judge-identity.js'

/** @throws GatewayError `INVALID_RESOURCE` where the name can be no user's; `LAST_ADMINISTRATOR` never, nor `FORBIDDEN`. */
export async function writeUser(
  deps: ConnectorSignInDeps,
  tx: StoreTransaction,
  catalog: CatalogView,
  identity: UpstreamIdentity,
  { verdict, traits }: { readonly verdict: SignInVerdict; readonly traits: Judgement['traits'] },
  origin: RequestOrigin,
): Promise<void> {
  const kind = deps.kinds.known.user
  const { name } = verdict.user
  const written = documentOf(deps, catalog, identity, verdict)
  const { document, value, ignored } = kind.parse(written)
  const parsed = {
    kind: kind as Parameters<typeof applyWithin>[2]['documents'][number]['kind'],
    name,
    document,
    value,
    ignored,
    revision: undefined,
    written: { value: written, source: undefined, lineOf: () => undefined },
  }
  const mode = verdict.before === undefined ? 'create' : 'update'
  await applyWithin(deps, tx, { documents: [parsed], mode, dryRun: false }, systemAuthority, origin)
  const now = deps.clock.now()
  const known = await tx.connectors.findIdentityOf(name)
  await tx.connectors.putIdentity({
    connector: identity.connector.name,
    subject: identity.subject,
    user: name,
    boundAt: known?.boundAt ?? now,
    lastSeenAt: now,
    traits: Object.keys(traits),
  })
}

/** What is stored of the user with other roles and traits; of a new one where it comes from. */
function documentOf(
  deps: ConnectorSignInDeps,
  catalog: CatalogView,
  { connector }: UpstreamIdentity,
  { user }: SignInVerdict,
): ResourceDocument {
  const { name, roles, traits } = user
  const parsed = catalog.parsed('user').get(name)
  if (parsed === undefined) {
    const created_by = { connector: { id: connector.name, type: connector.kind } }
    return { kind: 'user', version: 'v2', metadata: { name }, spec: { roles, traits, created_by } }
  }
  const document = shownDocument(deps.kinds.known.user, parsed, catalog)
  const spec = isMap(document['spec']) ? document['spec'] : {}
  return { ...document, spec: { ...spec, roles, traits } }
}
