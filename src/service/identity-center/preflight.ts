/**
 * @module The check before Gatehouse becomes the identity source of Identity Center: every user by name, whoever asks
 * by their own roles, and the certificate that AWS is given. Changes nothing.
 */
import { X509Certificate } from 'node:crypto'
import type { PreflightAnswer } from '../../api/contract/identity-center.js'
import { checkUsers, type CheckedUsers } from '../../core/import/preflight.js'
import { formatInstant } from '../../core/time.js'
import { systemAuthority, type Authority } from '../authority.js'
import { explain } from '../explain/explain.js'
import { testAssertion } from '../saml/test-assertion.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'
import { collectImportFacts } from './import-facts.js'

/** AWS takes no certificate that is longer. */
const maxCertificateLength = 2500
/** An answer with thousands of rows is read by nobody; the counts tell the rest. */
const maxUsers = 500

export async function preflight(
  deps: IdentityCenterDeps,
  name: string,
  authority: Authority,
): Promise<PreflightAnswer> {
  const { settings } = await findPlugin(deps, name)
  const { facts } = await collectImportFacts(deps, settings)
  const isRead = facts.observation.users !== undefined
  const checked = checkUsers(facts)
  const administrator = await checkAdministrator(deps, settings.serviceProvider, authority)
  const certificate = checkCertificate((await deps.signingKeys.publishedCertificates())[0], deps.clock.now())
  const ready = isRead && checked.ready && administrator.ok && certificate.ok
  return {
    ready,
    says: isRead
      ? sayReadiness(checked, administrator.ok, certificate.ok)
      : 'The users of Identity Center were not read yet: look at AWS first.',
    users: checked.users.slice(0, maxUsers).map(({ userName, verdict, says, remedy }) => ({
      userName,
      verdict,
      says,
      ...(remedy !== undefined && { remedy }),
    })),
    counts: { ...checked.counts },
    administrator,
    certificate,
    howToGoBack: [...howToGoBack],
  }
}

const howToGoBack: readonly string[] = [
  'Before you change the identity source, keep one way into AWS that does not need it: the root user of the management account, or an IAM role there.',
  'In Identity Center choose Settings, Identity source, Actions, Change identity source, and choose the one that was there before.',
  'AWS keeps users, groups and assignments when the source changes from an external identity provider to its own directory; passwords and devices for it have to be set again.',
  'Gatehouse does nothing meanwhile while its sync is paused: set sync: paused in the plugin first.',
]

function sayReadiness({ counts, ready }: CheckedUsers, letsIn: boolean, certificate: boolean): string {
  const problems = [
    ...(counts.would_lose_access > 0 ? [`${counts.would_lose_access} would lose access`] : []),
    ...(counts.different_case > 0 ? [`${counts.different_case} are spelt differently here`] : []),
    ...(counts.duplicate > 0 ? [`${counts.duplicate} are there twice`] : []),
    ...(!ready && counts.missing_attribute > 0 ? [`${counts.missing_attribute} lack a mail address`] : []),
    ...(letsIn ? [] : ['your own roles would not let you in']),
    ...(certificate ? [] : ['the certificate would be refused']),
  ]
  if (problems.length === 0) return 'Ready: everybody of Identity Center has a user here of the same name.'
  return `Not ready: ${problems.join(', ')}.`
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
    return no('The plugin names no service provider yet (saml_idp_service_provider_name).')
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
