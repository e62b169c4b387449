/**
 * @module What the removal of a plugin would do, told before: what goes, what stays, which references would lead
 * nowhere and what to type, and the script that undoes the AWS side. Changes nothing.
 */
import type { UninstallAnswer } from '../../api/contract/identity-center.js'
import type { AccessList, AccessListMember } from '../../core/access-list/access-list.js'
import type { LedgerEntry, Link } from '../../core/identity-center/observation.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import {
  isReservedRoleName,
  parseAssignmentRoleRef,
  presentRoleName,
  resolveAssignmentRole,
} from '../../core/inventory/assignment-role.js'
import { compareText } from '../../core/inventory/inventory-index.js'
import { pairWords, planNames, type DescribeInput } from '../../core/plan/describe.js'
import type { Role } from '../../core/role/role.js'
import { formatInstant } from '../../core/time.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { writeSetupScript } from '../trust/write-setup-script.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin, type FoundPlugin } from './find-plugin.js'
import { lastSignIn } from './last-sign-in.js'
import { describeAccess, describeLeft } from './describe-removed-access.js'
import { chooseRows } from './rows-to-remove.js'
import { hasStarted } from './started.js'
import type { CurrentPlan } from './sync-port.js'
import { endingRows } from './time-boxed.js'
import { judgeUnfinished } from './unfinished.js'

type Dangling = UninstallAnswer['dangling'][number]

/** @throws GatewayError `NOT_FOUND`. */
export async function describeUninstall(deps: IdentityCenterDeps, name: string): Promise<UninstallAnswer> {
  const plugin = await findPlugin(deps, name)
  const { settings, catalog } = plugin
  const ledger = await deps.store.ledger.list(name)
  const links = await deps.store.principalLinks.list(name)
  const members = await deps.store.members.listAll()
  const sync = await deps.syncs.of(name)
  const current = await sync.plan()
  const ending = endingRows(ledger, links, current)
  const timeBoxed = ending.length
  const lists = importedLists(catalog, name)
  const integration = soleIntegration(plugin)
  const state = await sync.state()
  const { job } = state
  const kept = catalog.accessLists().length - lists.length
  const told = { ...current, inventory: catalog.inventory }
  const rows = await chooseRows(deps.store, name, ledger, new Set(ending), true)
  const open = await deps.store.changes.listOpen(name)
  const unfinished = judgeUnfinished({ ...state, plan: current.plan, open, now: deps.clock.now() })
  const started = await hasStarted(deps.store, settings)
  return {
    ...(job?.state === 'running' && {
      refused: `${job.says} is still under way; wait until it has ended.`,
    }),
    warnings: [
      ...(await listWarnings(deps, settings, tellEnding(ending, told))),
      ...sayDeactivated(current, links),
    ],
    removes: [
      `${counted(lists.length, 'access list')} that ${lists.length === 1 ? 'was' : 'were'} imported, with ${lists.length === 1 ? 'its' : 'their'} members`,
      `what Gatehouse noted of ${counted(links.length, 'user or group', 'users and groups')} in AWS (who or which list each of them is here), and why ${counted(ledger.length, 'assignment or membership', 'assignments and memberships')} ${ledger.length === 1 ? 'is' : 'are'} there`,
      'what was seen in AWS: accounts, permission sets, users, groups and assignments, and with them the account assignment roles',
      'the SCIM tokens that are stored',
      `the plugin ${name}`,
      ...(integration === undefined ? [] : [`the integration ${integration}, which nothing else uses`]),
    ],
    keeps: [
      'users and groups in AWS, those too that Gatehouse made' + sayMade(links),
      'memberships and assignments in AWS, as they are, unless you ask for the removal of those that Gatehouse made',
      `${counted(kept, 'access list')} and every role that people made`,
      'users, and the audit log',
      ...(settings.serviceProvider === undefined ? [] : [`the service provider ${settings.serviceProvider}`]),
    ],
    dangling: listDangling(settings, catalog, lists, members),
    awsCleanup: await writeCleanup(deps, settings),
    timeBoxed,
    lists: lists.map((list) => list.name).sort(compareText),
    access: describeAccess(told, rows),
    // Before its first change AWS is the truth, and everything that is planned would be left.
    left: started ? describeLeft(told, unfinished) : [],
  }
}

/** "ada@example.com in platform-team", "ada@example.com: ReadOnlyAccess in sandbox (777777777777)". */
function tellEnding(rows: readonly LedgerEntry[], told: Omit<DescribeInput, 'plan'>): string[] {
  const names = planNames(told)
  return rows
    .map(({ kind, principal, target }) => {
      const id = principal.slice(principal.indexOf('/') + 1)
      const whose = principal.startsWith('user/') ? names.person(id) : names.group(id)
      return kind === 'membership'
        ? `${names.person(target)} in ${whose}`
        : `${whose}: ${pairWords(target, names)}`
    })
    .sort(compareText)
}

function sayMade(links: readonly Link[]): string {
  const made = (kind: Link['kind']) =>
    links.filter((link) => link.kind === kind && link.origin === 'created').length
  const [users, groups] = [made('user'), made('group')]
  return users + groups === 0 ? '' : ` (${counted(users, 'user')}, ${counted(groups, 'group')})`
}

/** Nobody lifts in AWS what a lock did once the plugin is gone. */
function sayDeactivated({ desired }: CurrentPlan, links: readonly Link[]): string[] {
  if (!desired.pushesUsers) return []
  const linked = new Set(links.flatMap(({ kind, name }) => (kind === 'user' ? name : [])))
  const names = [...desired.users.values()]
    .filter(({ name, active }) => !active && linked.has(name))
    .map(({ name }) => name)
    .sort(compareText)
  if (names.length === 0) return []
  const more = names.length > mostTold ? ` and ${names.length - mostTold} more` : ''
  const who = names.length === 1 ? '1 person is' : `${names.length} people are`
  return [
    `${who} deactivated in AWS, since a lock holds here, and stay so when it ends: ${names.slice(0, mostTold).join(', ')}${more}. Activate them in Identity Center when the time comes.`,
  ]
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

const mostTold = 20

/** The lists that came with the plugin and go with it. */
export function importedLists(catalog: CatalogView, plugin: string): readonly AccessList[] {
  return catalog
    .accessLists()
    .map(({ value }) => value)
    .filter(({ origin }) => origin.kind === 'imported' && origin.plugin === plugin)
}

/** The integration whose tokens this plugin uses, and no other does. */
export function soleIntegration({ settings, catalog }: FoundPlugin): string | undefined {
  const { credentials } = settings
  if (credentials.kind !== 'oidc') return undefined
  const others = catalog.plugins().some(({ value }) => {
    return (
      value.name !== settings.name &&
      value.credentials.kind === 'oidc' &&
      value.credentials.integration === credentials.integration
    )
  })
  const exists = catalog.parsed('integration').has(credentials.integration)
  return others || !exists ? undefined : credentials.integration
}

async function listWarnings(
  deps: IdentityCenterDeps,
  settings: PluginSettings,
  ending: readonly string[],
): Promise<string[]> {
  const warnings: string[] = []
  const signedInAt = await lastSignIn(deps, settings.serviceProvider)
  if (signedInAt !== undefined) {
    warnings.push(
      `Gatehouse is still the identity source: somebody signed in to AWS here at ${formatInstant(signedInAt)}. ` +
        'Change the identity source of Identity Center first, or nobody gets in once the service provider goes.',
    )
  } else if (settings.serviceProvider !== undefined) {
    warnings.push(
      'Nobody signed in to AWS here within the last 30 days. See in Identity Center (Settings, Identity source) that it is another one.',
    )
  }
  if (ending.length > 0) {
    const more = ending.length > mostTold ? ` and ${ending.length - mostTold} more` : ''
    warnings.push(
      `${ending.length} assignments or memberships end by themselves and would become permanent: they are removed from AWS first (${ending.slice(0, mostTold).join('; ')}${more}).`,
    )
  }
  return warnings
}

function listDangling(
  { instanceArn }: PluginSettings,
  catalog: CatalogView,
  removed: readonly AccessList[],
  members: readonly AccessListMember[],
): Dangling[] {
  const instance = instanceArn.slice(instanceArn.lastIndexOf('/') + 1)
  const gone = new Set(removed.map(({ name }) => name))
  const namesIn = (roles: readonly string[]): string[] => {
    const gone = roles.flatMap((role) => {
      // Lists and users store references; what a role may be asked for is written as people wrote it.
      const named = parseAssignmentRoleRef(role) ?? idsOf(role, catalog)
      const isGone = named?.permissionSetArn.includes(`/${instance}/`) === true
      return isGone ? [presentRoleName(catalog.inventory, role)] : []
    })
    return [...new Set(gone)]
  }
  const rows: Dangling[] = []
  const add = (kind: Dangling['kind'], name: string, says: string): void => {
    rows.push({ kind, name, says, command: `gatehouse edit ${quote(`${kind}/${name}`)}` })
  }
  const addRoles = (kind: Dangling['kind'], name: string, roles: readonly string[], verb: string): void => {
    const found = namesIn(roles)
    if (found.length === 0) return
    const more = found.length > 3 ? ` and ${found.length - 3} more` : ''
    add(kind, name, `${verb} ${found.slice(0, 3).join(', ')}${more}, which will not exist any more.`)
  }
  for (const { value } of catalog.users()) addRoles('user', value.name, value.roles, 'Holds')
  for (const { value } of catalog.tokens()) addRoles('token', value.name, value.roles, 'Holds')
  for (const { value } of catalog.accessLists()) {
    if (!gone.has(value.name)) addRoles('access_list', value.name, value.grants.roles, 'Grants')
  }
  for (const { value } of catalog.roles()) {
    addRoles('role', value.name, namedByRole(value), 'Names')
  }
  for (const { list, kind, name } of members) {
    if (kind !== 'list' || !gone.has(name) || gone.has(list)) continue
    add(
      'access_list',
      list,
      `Has the access list ${name} as a member, which goes; its members lose what this list gives.`,
    )
  }
  return rows.sort((a, b) => compareText(a.kind, b.kind) || compareText(a.name, b.name))
}

function idsOf(name: string, { inventory }: CatalogView): { readonly permissionSetArn: string } | undefined {
  const pair = isReservedRoleName(name) ? resolveAssignmentRole(inventory, name) : undefined
  return pair === undefined ? undefined : { permissionSetArn: pair.permissionSet.arn }
}

/** Roles that a role lets its holders ask for, review or look through, or denies them. */
function namedByRole({ allow, deny }: Role): string[] {
  return [allow, deny].flatMap(({ request, reviewRequests }) => [
    ...(request?.roles ?? []),
    ...(request?.searchAsRoles ?? []),
    ...(request?.claimsToRoles ?? []).flatMap(({ roles }) => roles),
    ...(reviewRequests?.roles ?? []),
    ...(reviewRequests?.previewAsRoles ?? []),
    ...(reviewRequests?.claimsToRoles ?? []).flatMap(({ roles }) => roles),
  ])
}

/** For a shell, where the text has anything that one would read. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

async function writeCleanup(
  deps: IdentityCenterDeps,
  { credentials, instanceArn, region }: PluginSettings,
): Promise<UninstallAnswer['awsCleanup']> {
  if (credentials.kind === 'system') {
    const note =
      'The gateway used the credentials of its own machine: no role and no OIDC provider was made in AWS for it. ' +
      'Take the policy from that role or user, if nothing else needs it.'
    return { fileName: 'gatehouse-aws-cleanup.sh', text: `# ${note}\n`, note }
  }
  const { integration } = credentials
  const roleArn = (await deps.catalog.read()).integration(integration)?.roleArn
  const roleName = roleArn?.slice(roleArn.lastIndexOf('/') + 1) ?? 'GatehouseIdentityCenter'
  const order = { format: 'cleanup', integration, instanceArn, region, roleName, blocks: [] } as const
  const { fileName, text } = await writeSetupScript(deps, order)
  return { fileName, text }
}
