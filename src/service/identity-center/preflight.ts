/**
 * @module The check before Gatehouse becomes the identity source of Identity Center: every user by name, roles and a way
 * to sign in, whoever asks by their own roles, and the certificate that AWS is given. Changes nothing.
 */
import { X509Certificate } from 'node:crypto'
import type { PreflightAnswer } from '../../api/contract/identity-center.js'
import type { ImportFacts } from '../../core/import/facts.js'
import { checkUsers, isQuiet, type CheckedUsers, type SignInRefusal } from '../../core/import/preflight.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { User } from '../../core/user/user.js'
import { formatInstant } from '../../core/time.js'
import { effectiveUser } from '../access/effective.js'
import { systemAuthority, type Authority } from '../authority.js'
import { explain } from '../explain/explain.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { decideSignIn } from '../saml/decide-sign-in.js'
import { testAssertion } from '../saml/test-assertion.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'
import { collectImportFacts } from './import-facts.js'

/** AWS takes no certificate that is longer. */
const maxCertificateLength = 2500
/** An answer with thousands of rows is read by nobody; the counts tell the rest. */
const maxUsers = 500

export interface PreflightView {
  readonly search?: string | undefined
  /** `concerns`: those of whom something has to be said; `all`: the fine ones after them. */
  readonly show: 'concerns' | 'all'
}

export async function preflight(
  deps: IdentityCenterDeps,
  name: string,
  authority: Authority,
  view: PreflightView = { show: 'concerns' },
): Promise<PreflightAnswer> {
  const { settings } = await findPlugin(deps, name)
  const { facts, catalog } = await collectImportFacts(deps, settings)
  const isRead = facts.observation.users !== undefined
  const serviceProvider =
    settings.serviceProvider === undefined
      ? undefined
      : catalog.serviceProviderByName(settings.serviceProvider)
  const refusals = await findRefusals(deps, catalog, facts, serviceProvider)
  const checked = checkUsers(facts, refusals)
  const administrator = await checkAdministrator(deps, settings.serviceProvider, authority)
  const certificate = checkCertificate((await deps.signingKeys.publishedCertificates())[0], deps.clock.now())
  const ready = isRead && checked.ready && administrator.ok && certificate.ok
  const wanted = (view.search ?? '').trim().toLowerCase()
  const found = checked.users.filter(
    (user) => (view.show === 'all' || !isQuiet(user)) && user.userName.toLowerCase().includes(wanted),
  )
  const readiness = {
    ...checked,
    areRolesJudged: serviceProvider !== undefined,
    letsIn: administrator.ok,
    certificate: certificate.ok,
  }
  return {
    ready,
    says: isRead
      ? sayReadiness(readiness)
      : 'The users of Identity Center were not read yet: look at AWS first.',
    users: found.slice(0, maxUsers).map(({ userName, verdict, says, remedy }) => ({
      userName,
      verdict,
      says,
      ...(remedy !== undefined && { remedy }),
    })),
    total: found.length,
    counts: { ...checked.counts },
    onlyHere: checked.onlyHere,
    administrator,
    certificate,
    howToGoBack: [...howToGoBack],
  }
}

/** Whom of Identity Center a sign-in here would refuse, for lack of a way to prove who they are or by their roles. */
async function findRefusals(
  deps: IdentityCenterDeps,
  catalog: CatalogView,
  { observation }: ImportFacts,
  serviceProvider: ServiceProvider | undefined,
): Promise<Map<string, SignInRefusal>> {
  const credentials = await deps.store.credentials.summarise()
  const now = deps.clock.now()
  const refusals = new Map<string, SignInRefusal>()
  for (const { userName } of observation.users?.values() ?? []) {
    const user = (await effectiveUser(deps.store.members, catalog, userName, now))?.user
    if (user === undefined) continue
    const denied = serviceProvider === undefined ? undefined : sayDenied(catalog, user, serviceProvider, now)
    const lacksPassword = user.origin.kind === 'local' && credentials.get(user.name)?.hasPassword !== true
    if (denied !== undefined) {
      // Both are told at once: whoever mends the roles alone would find the person shut out all the same.
      const says = lacksPassword ? `${denied} Besides, they have never set a password.` : denied
      const role = 'Give them a role that opens the access portal; the step Access makes one.'
      const remedy = lacksPassword ? `${role} ${sendLink}` : role
      refusals.set(userName, { verdict: 'roles_refuse', says, remedy })
    } else if (lacksPassword) {
      refusals.set(userName, {
        verdict: 'no_password',
        says: 'There is a user here of this name who has never set a password and cannot sign in yet.',
        remedy: sendLink,
      })
    }
  }
  return refusals
}

const sendLink = 'Make a one-time link for them on their page under Users, and send it.'

/** Undefined where the person would be let in. */
function sayDenied(
  catalog: CatalogView,
  user: User,
  serviceProvider: ServiceProvider,
  now: number,
): string | undefined {
  const decision = decideSignIn(catalog, user, serviceProvider, {
    mfa: 'none',
    // Whoever has none yet adds one before the first sign-in; the check is about roles.
    hardwareKey: true,
    session: undefined,
    now,
  })
  // A device that vouches is given with each sign-in, as a second factor is.
  if (decision.effect !== 'deny' || decision.because === 'device_untrusted') return undefined
  if (user.roles.length === 0) return 'Holds no role here, so a sign-in to AWS would be refused.'
  return `A sign-in to AWS would be refused. ${decision.reasons[0]?.says ?? 'No role allows it.'}`
}

const howToGoBack: readonly string[] = [
  'Before you change the identity source, keep one way into AWS that does not need it: the root user of the management account, or an IAM role there.',
  'In Identity Center choose Settings, Identity source, Actions, Change identity source, and choose the one that was there before.',
  'AWS keeps users, groups and assignments when the source changes from an external identity provider to its own directory; passwords and devices for it have to be set again.',
  'Gatehouse does nothing meanwhile while its sync is paused: set sync: paused in the plugin first.',
]

interface Readiness extends CheckedUsers {
  readonly areRolesJudged: boolean
  readonly letsIn: boolean
  readonly certificate: boolean
}

function sayReadiness({ counts, ready, shutOut, areRolesJudged, letsIn, certificate }: Readiness): string {
  const problems = [
    ...(counts.would_lose_access > 0 ? [`${counts.would_lose_access} would lose access`] : []),
    ...(shutOut > 0 ? [`${shutOut} with access could not sign in here`] : []),
    ...(counts.different_case > 0 ? [`${counts.different_case} are spelt differently here`] : []),
    ...(counts.duplicate > 0 ? [`${counts.duplicate} are there twice`] : []),
    ...(!ready && counts.missing_attribute > 0 ? [`${counts.missing_attribute} lack a mail address`] : []),
    ...(areRolesJudged
      ? letsIn
        ? []
        : ['your own roles would not let you in']
      : ['the metadata of AWS is not here yet, so what roles allow was not judged']),
    ...(certificate ? [] : ['the certificate would be refused']),
  ]
  if (problems.length > 0) return `Not ready: ${problems.join(', ')}.`
  const others = counts.roles_refuse + counts.no_password
  return others === 0
    ? 'Ready: everybody of Identity Center who has access there can sign in here under the same name.'
    : `Ready: everybody who has access in AWS can sign in here; ${others} without access cannot yet.`
}

async function checkAdministrator(
  deps: IdentityCenterDeps,
  serviceProvider: string | undefined,
  authority: Authority,
): Promise<PreflightAnswer['administrator']> {
  const user = authority.name
  const no = (says: string): PreflightAnswer['administrator'] => ({ user, ok: false, says, reasons: [] })
  if (authority.kind !== 'person') {
    return no(`${user} is no person and signs in to no application; ask again as yourself.`)
  }
  if (serviceProvider === undefined) {
    return no('The metadata of AWS is not here yet, so your roles cannot be judged.')
  }
  const { catalog } = deps
  if ((await catalog.serviceProviderByName(serviceProvider)) === undefined) {
    return no(
      `There is no service provider "${serviceProvider}" that can be read; add it with the metadata of AWS.`,
    )
  }
  // About whoever asks, so no right on users is needed.
  const tested = await testAssertion(
    deps,
    { user, serviceProvider: { name: serviceProvider } },
    systemAuthority,
  )
  const ok = tested.effect !== 'deny'
  if (ok) return { user, ok, says: tested.says, reasons: [] }
  const { reasons, changes } = await explain(deps, { user, app: serviceProvider }, systemAuthority)
  return {
    user,
    ok,
    says: tested.says,
    reasons: [...reasons, ...changes].slice(0, 20).map(({ says }) => says),
  }
}

/** RSA, valid now and not too long for AWS. */
export function checkCertificate(
  pem: string | undefined,
  now: number,
): { readonly ok: boolean; readonly says: string } {
  if (pem === undefined) return { ok: false, says: 'There is no signing certificate.' }
  if (pem.length > maxCertificateLength) {
    const says = `The certificate has ${pem.length} characters, and AWS takes ${maxCertificateLength}.`
    return { ok: false, says }
  }
  const certificate = new X509Certificate(pem)
  if (certificate.publicKey.asymmetricKeyType !== 'rsa') {
    return { ok: false, says: 'The certificate has no RSA key, and AWS takes no other.' }
  }
  const end = Date.parse(certificate.validTo)
  if (end <= now) return { ok: false, says: `The certificate ended at ${formatInstant(end)}.` }
  const day = formatInstant(end).slice(0, 10)
  return {
    ok: true,
    says: `AWS can take our certificate: RSA, ${pem.length} characters, valid until ${day}.`,
  }
}
