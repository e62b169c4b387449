/**
 * @module Where the set-up stands. There is no state of a wizard: each step is done when its result is there, in the
 * plugin resource, the bonds, the tokens, the log. So it can be left and resumed, and done by page, command line or file.
 */
import type { SetupAnswer } from '../../api/contract/identity-center.js'
import { opensByLabels } from '../../core/role/saml-access.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin, type FoundPlugin } from './find-plugin.js'
import { sayImported } from './import.js'
import { lastSignIn } from './last-sign-in.js'
import { findOtherInstance } from './other-instance.js'
import { stateOf } from './scim-tokens.js'
import { hasStarted, lastImport } from './started.js'
import { readTrust } from './trust.js'
import { judgeUnfinished, unfinishedWords } from './unfinished.js'

type Step = SetupAnswer['steps'][number]
interface Finding {
  readonly done: boolean
  readonly says: string
  /** Done, or not yet, and something is wrong with it. */
  readonly attention?: boolean
}

/** @throws GatewayError `NOT_FOUND`. */
export async function readSetup(deps: IdentityCenterDeps, name: string): Promise<SetupAnswer> {
  const plugin = await findPlugin(deps, name)
  const started = await hasStarted(deps.store, plugin.settings)
  const signedInAt = await lastSignIn(deps, plugin.settings.serviceProvider)
  const findings: Readonly<Record<Step['step'], Finding>> = {
    connect: await findConnection(deps, plugin),
    preview: await findImport(deps, name),
    identity_source: await findIdentitySource(deps, plugin, signedInAt),
    scim: await findScim(deps, plugin),
    plan: await findPlan(deps, plugin, started),
    access: findAccess(plugin, started),
    start:
      signedInAt === undefined
        ? { done: false, says: 'Nobody has signed in to AWS through Gatehouse yet.' }
        : { done: true, says: 'People sign in to AWS through Gatehouse.' },
  }
  let isFirstOpen = true
  const steps = stepOrder.map((step): Step => {
    const { done, says, attention = false } = findings[step]
    const isCurrent = !done && isFirstOpen
    if (!done) isFirstOpen = false
    const state = attention ? 'attention' : done ? 'done' : isCurrent ? 'current' : 'waiting'
    return { step, state, says, changes: changes[step] }
  })
  const [certificatePem = ''] = await deps.signingKeys.publishedCertificates()
  return {
    plugin: name,
    steps,
    idp: {
      entityId: deps.entityId,
      ssoUrl: deps.ssoUrl,
      metadataUrl: `${deps.publicUrl}/saml/idp/metadata`,
      certificatePem,
    },
    portal: findPortalRoles(plugin),
  }
}

const stepOrder: readonly Step['step'][] = [
  'connect',
  'preview',
  'identity_source',
  'scim',
  'plan',
  'access',
  'start',
]

const changes: Readonly<Record<Step['step'], string>> = {
  connect:
    'In AWS: an OIDC provider and a role, made by the set-up script that you run. Here: the integration and the plugin, paused.',
  preview: 'Here: an access list for each imported group, with members and grants. In AWS: nothing.',
  identity_source:
    'In AWS: you change the identity source of Identity Center, by hand. Here: the service provider. From then on people sign in to AWS here.',
  scim: 'In AWS: you switch on automatic provisioning and make a token. Here: the token, sealed. The test writes, reads and removes one user.',
  plan: 'In AWS: users, groups, memberships and assignments, exactly as the plan says. Here: the sync is switched on.',
  access: 'Here: roles and access lists, where you change them; AWS follows.',
  start: 'Nothing.',
}

async function findConnection(deps: IdentityCenterDeps, { settings }: FoundPlugin): Promise<Finding> {
  const { state, says } = await readTrust(deps, settings)
  if (state !== 'refused') return { done: state === 'accepted', says }
  // Once it has worked, what it brought is there.
  const { readAt } = await (await deps.syncs.of(settings.name)).plan()
  return { done: readAt !== undefined, says, attention: true }
}

async function findImport(deps: IdentityCenterDeps, name: string): Promise<Finding> {
  const made = await lastImport(deps.store, name)
  if (made === undefined) return { done: false, says: 'Nothing was imported yet.' }
  return { done: true, says: `Imported: ${sayImported(made)}.` }
}

async function findIdentitySource(
  { publicUrl, store }: IdentityCenterDeps,
  { settings, catalog }: FoundPlugin,
  signedInAt: number | undefined,
): Promise<Finding> {
  const { serviceProvider: name } = settings
  if (name === undefined) {
    return {
      done: false,
      says: 'No service provider is named: without one, another identity provider goes on to own users (hybrid mode).',
    }
  }
  const serviceProvider = catalog.serviceProviderByName(name)
  if (serviceProvider === undefined) {
    const says = `The plugin names the service provider "${name}", and there is none that can be read.`
    return { done: false, says, attention: true }
  }
  const other = await findOtherInstance(store, settings, serviceProvider)
  if (other !== undefined) {
    return { done: false, says: `Nobody gets in to this instance: ${other}.`, attention: true }
  }
  const says =
    signedInAt === undefined ? `Give AWS the metadata of ${publicUrl}; nobody signed in yet.` : 'In use.'
  return { done: true, says }
}

async function findScim(deps: IdentityCenterDeps, { settings }: FoundPlugin): Promise<Finding> {
  const now = deps.clock.now()
  const tokens = await deps.store.scimTokens.list(settings.name)
  if (settings.scimBaseUrl === undefined || tokens.length === 0) {
    return { done: false, says: 'No SCIM URL and token are stored.' }
  }
  const working = tokens.some((token) => ['ok', 'expiring'].includes(stateOf(token, now)))
  if (working) return { done: true, says: `Users and groups are written to ${settings.scimBaseUrl}.` }
  return { done: true, says: 'No stored SCIM token works any more.', attention: true }
}

/** Done when AWS is what Gatehouse says, not when it was agreed to: what is left, held or tried again is told. */
async function findPlan(
  deps: IdentityCenterDeps,
  { settings }: FoundPlugin,
  started: boolean,
): Promise<Finding> {
  if (!started) return { done: false, says: 'The first plan was not applied yet.' }
  const { name } = settings
  const sync = await deps.syncs.of(name)
  const { plan } = await sync.plan()
  const open = await deps.store.changes.listOpen(name)
  const left = judgeUnfinished({ ...(await sync.state()), plan, open, now: deps.clock.now() })
  const held = plan.actions.filter(
    ({ holds, approvedBy }) => holds.length > 0 && approvedBy === undefined,
  ).length
  if (left.all === 0 && held === 0)
    return { done: true, says: 'The plan was applied; nothing of it is left.' }
  const says = [
    ...(left.all > 0 ? [unfinishedWords(left) ?? ''] : []),
    ...(held > 0 ? [`${held} ${held === 1 ? 'change is' : 'changes are'} held until a person decides.`] : []),
    ...(settings.sync === 'paused' ? ['The sync is paused: nothing is changed until you apply.'] : []),
  ].join(' ')
  return { done: false, says, attention: held + left.retried > 0 || settings.sync === 'paused' }
}

function findPortalRoles({ catalog, settings }: FoundPlugin): SetupAnswer['portal'] {
  const { serviceProvider: name } = settings
  if (name === undefined) {
    return { says: 'The plugin names no service provider, so no role is needed to sign in.', roles: [] }
  }
  const serviceProvider = catalog.serviceProviderByName(name)
  if (serviceProvider === undefined) {
    return {
      says: `There is no service provider "${name}" that can be read, so no role opens it.`,
      roles: [],
    }
  }
  const roles = catalog
    .roles()
    .filter(({ value }) => opensByLabels(value, serviceProvider))
    .map(({ value }) => value.name)
    .sort()
  const says =
    roles.length === 0
      ? `No role of version 8 has app_labels that match the service provider "${name}".`
      : `${roles.length === 1 ? '1 role opens' : `${roles.length} roles open`} the service provider "${name}" by its labels.`
  return { says, roles }
}

function findAccess({ catalog, settings }: FoundPlugin, started: boolean): Finding {
  const lists = catalog.accessLists().filter(({ value }) => value.grants.roles.length > 0).length
  if (!started) return { done: false, says: 'Who has which role counts as soon as the plan is applied.' }
  if (lists === 0 && settings.rolesSyncMode === 'ALL') {
    return { done: false, says: 'No access list grants anything yet; give roles to lists or to people.' }
  }
  return { done: true, says: `${lists} access lists grant roles.` }
}
