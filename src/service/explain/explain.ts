/**
 * @module Why somebody may, or may not, sign in to an application or use a permission set in an account, and what
 * would change it. The explanation is made from the resources of one moment by the same decisions that a click meets.
 */
import { explainApplication } from '../../core/explain/application.js'
import type { Explanation } from '../../core/explain/explanation.js'
import { explainPair } from '../../core/explain/pair.js'
import { GatewayError } from '../../core/error.js'
import { findNamedPair } from '../../core/inventory/find-pair.js'
import type { Pair } from '../../core/inventory/pair.js'
import { findEntry } from '../../core/role/account-assignment.js'
import { sortReasons } from '../../core/role/decision.js'
import type { Role } from '../../core/role/role.js'
import { findApplication } from '../access/applications.js'
import { effectiveInAws } from '../access/effective.js'
import { meansOfPerson } from '../people/factors.js'
import { findHolder, rolesInAws, type AccessDeps, type Holder } from '../access/holder.js'
import { findRoleAlone } from '../access/role-access.js'
import type { Authority } from '../authority.js'
import type { ServiceContext } from '../context.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { mayOnResource } from '../resources/may.js'
import { shownDocument } from '../resources/present.js'
import { keptInAws } from './kept-in-aws.js'
import { listReasons } from './list-reasons.js'

export type ExplainDeps = ServiceContext & AccessDeps

/** Give `user` or `role`, and `app`, or `account` and `permissionSet`. */
export interface ExplainInput {
  /** A person, or `token/NAME`. */
  readonly user?: string | undefined
  /** A role by itself, as if somebody of whom nothing is known held it alone. */
  readonly role?: string | undefined
  readonly app?: string | undefined
  readonly account?: string | undefined
  readonly permissionSet?: string | undefined
}

/**
 * @throws GatewayError `INVALID_INPUT`, and as `findHolder`, `findRole` and `findApplication` do; `NOT_FOUND` for an
 * application.
 */
export async function explain(
  deps: ExplainDeps,
  input: ExplainInput,
  authority: Authority,
): Promise<Explanation> {
  const about = readSubject(input)
  const holder = await findWhom(deps, input, authority)
  const { user, isMachine, roles, missing, locks, catalog, effective } = holder
  const allRoles = grantableRoles(deps, catalog, authority)
  const person = { user, role: input.role, roles, missingRoles: missing, locks, allRoles }
  if ('app' in about) {
    if (isMachine) throw machineAtApplication(user.name)
    const serviceProvider = findApplication(deps, catalog, about.app, authority)
    if (serviceProvider === undefined) throw notFound('application', about.app)
    const explanation = explainApplication({
      ...person,
      serviceProvider,
      resource: catalog.parsed('saml_idp_service_provider').get(about.app)?.stored.document,
      preference: catalog.preference(),
      means:
        input.role === undefined
          ? await meansOfPerson(deps.store, catalog.preference(), user.name)
          : { any: true, hardwareKey: true },
    })
    if (effective === undefined) return explanation
    const matters = ({ name, origin }: Role): boolean =>
      origin !== 'account_assignment' || explanation.reasons.some(({ role }) => role === name)
    const origins = listReasons(deps, { effective, catalog, authority, matters })
    return { ...explanation, reasons: [...explanation.reasons, ...sortReasons(origins)] }
  }
  if (effective === undefined) return explainPair({ ...person, inventory: catalog.inventory, ...about })
  const pair = findNamedPair(catalog.inventory, about)
  const inAws = effectiveInAws(effective)
  const matters = (role: Role): boolean => saysSomethingOf(role, pair)
  return explainPair({
    ...person,
    roles: rolesInAws(holder),
    inventory: catalog.inventory,
    ...about,
    besideRoles: await keptInAws(deps.store, catalog, user.name, pair, deps.clock.now()),
    origins: listReasons(deps, {
      effective: { ...inAws, notMember: effective.notMember, notOwner: effective.notOwner },
      catalog,
      authority,
      matters,
    }),
  })
}

/** Whether the role gives or denies the pair. */
function saysSomethingOf({ allow, deny }: Role, { account, permissionSet }: Pair): boolean {
  const names = { account: account.id, permissionSetArn: permissionSet.arn }
  return findEntry(allow, names) !== undefined || findEntry(deny, names) !== undefined
}

async function findWhom(
  deps: ExplainDeps,
  { user, role }: ExplainInput,
  authority: Authority,
): Promise<Holder> {
  if (user !== undefined && role === undefined) return await findHolder(deps, user, authority)
  if (user === undefined && role !== undefined) {
    return {
      ...(await findRoleAlone(deps, role, authority)),
      effective: undefined,
      isMachine: false,
      missing: [],
    }
  }
  const message = 'give either user or role'
  throw new GatewayError('INVALID_INPUT', message, { fields: [{ path: 'query', message }] })
}

function readSubject({
  app,
  account,
  permissionSet,
}: ExplainInput): { readonly app: string } | { readonly account: string; readonly permissionSet: string } {
  const pair = account !== undefined && permissionSet !== undefined
  if (app !== undefined && account === undefined && permissionSet === undefined) return { app }
  if (app === undefined && pair) return { account, permissionSet }
  const message = 'give either app, or both account and permissionSet'
  throw new GatewayError('INVALID_INPUT', message, { fields: [{ path: 'query', message }] })
}

/** The roles that whoever asks may know of; nobody learns of a role from the advice to give it. */
function grantableRoles(
  { kinds }: Pick<ExplainDeps, 'kinds'>,
  catalog: CatalogView,
  authority: Authority,
): Role[] {
  const right = { resource: 'role', verb: 'read' }
  return catalog.roles().flatMap(({ value }) => {
    const parsed = catalog.parsed('role').get(value.name)
    const document = parsed && shownDocument(kinds.known.role, parsed, catalog)
    return mayOnResource(authority, right, document).effect === 'allow' ? [value] : []
  })
}

function machineAtApplication(name: string): GatewayError {
  const message = `${name} is a machine user, and machine users do not sign in to applications; ask for an account`
  return new GatewayError('INVALID_INPUT', message, { fields: [{ path: 'query.user', message }] })
}

function notFound(what: string, name: string): GatewayError {
  return new GatewayError('NOT_FOUND', `there is no ${what} named "${name.slice(0, 200)}"`)
}
