/**
 * @module The rollover of a signing key in three steps: a next key is made and published, then it signs, then the old
 * one is forgotten. Between the steps people tell the other side. Which step is possible, and what to do before it,
 * is decided here; keys are made and kept elsewhere.
 */
import { day, formatInstant, type Instant } from '../time.js'

export type KeyRolloverPurpose = 'saml' | 'audit' | 'oidc'
export type RolloverPhase = 'steady' | 'prepared' | 'switched'
/** In the order in which they are done; `cancel` takes `prepare` back. */
export type RolloverStep = 'prepare' | 'switch' | 'finish' | 'cancel'

/** What the phase depends on; `isWiped`: the private half is gone and the public half is kept to verify. */
export interface RolloverKey {
  readonly state: 'current' | 'next' | 'retired'
  readonly isWiped: boolean
}

export function rolloverPhase(keys: readonly RolloverKey[]): RolloverPhase {
  if (keys.some(({ state }) => state === 'next')) return 'prepared'
  return keys.some(({ state, isWiped }) => state === 'retired' && !isWiped) ? 'switched' : 'steady'
}

const steps: Readonly<Record<RolloverPhase, readonly RolloverStep[]>> = {
  steady: ['prepare'],
  prepared: ['switch', 'cancel'],
  switched: ['finish'],
}

/** The next step comes first. */
export function possibleSteps(phase: RolloverPhase): readonly RolloverStep[] {
  return steps[phase]
}

/** A service provider that has to learn of a new certificate. */
export interface InformedApplication {
  readonly name: string
  readonly isIdentityCenter: boolean
}

export interface RolloverFacts {
  readonly purpose: KeyRolloverPurpose
  readonly phase: RolloverPhase
  readonly metadataUrl: string
  readonly applications: readonly InformedApplication[]
  /** End of the certificate that signs now; undefined without one. */
  readonly notAfter: Instant | undefined
  readonly now: Instant
}

/** AWS marks a certificate 90 days before its end. */
const warnBeforeMs = 90 * day

/** What to do now, and what to upload where, in the order in which to do it. */
export function adviseRollover(facts: RolloverFacts): string[] {
  switch (facts.purpose) {
    case 'saml':
      return adviseSaml(facts)
    case 'audit':
      return adviseAudit(facts.phase)
    case 'oidc':
      return adviseOidc(facts.phase)
  }
}

function adviseSaml(facts: RolloverFacts): string[] {
  const { phase, metadataUrl, applications, notAfter, now } = facts
  const aws = applications.filter(({ isIdentityCenter }) => isIdentityCenter)
  const others = applications.filter(({ isIdentityCenter }) => !isIdentityCenter)
  switch (phase) {
    case 'steady':
      return [
        ...adviseOnExpiry(notAfter, now),
        'To change the key, prepare the next one: its certificate is published beside the current one, and nothing else changes yet.',
      ]
    case 'prepared':
      return [
        'The next certificate is published; the current key still signs. Before you switch, every application has to trust the next certificate:',
        ...aws.map(
          ({ name }) =>
            `"${name}": in the AWS console open IAM Identity Center, Settings, Identity source, Actions, Manage authentication, ` +
            'choose Import certificate under "Manage SAML 2.0 certificates", and upload the next certificate (gatehouse keys export --kind saml --state next). ' +
            'AWS trusts both as long as both are listed; leave the old one there. There is no API for it.',
        ),
        ...others.map(
          ({ name }) =>
            `"${name}": let it read ${metadataUrl} again, or give it the next certificate by hand.`,
        ),
        'Then switch. Whoever does not trust the next certificate by then refuses every sign-in.',
      ]
    case 'switched':
      return [
        'The new key signs, and the metadata holds its certificate alone. Sign in to each application once to see that it works.',
        ...aws.map(
          ({ name }) =>
            `"${name}": delete the old certificate in the AWS console (IAM Identity Center, Settings, Identity source, Actions, Manage authentication).`,
        ),
        ...others.map(
          ({ name }) => `"${name}": let it read ${metadataUrl} again, or remove the old certificate there.`,
        ),
        'Then finish: the old private key is deleted here. It signs nothing any more, and the step cannot be taken back.',
      ]
  }
}

function adviseOnExpiry(notAfter: Instant | undefined, now: Instant): string[] {
  if (notAfter === undefined) return []
  const end = formatInstant(notAfter).slice(0, 10)
  if (notAfter <= now)
    return [`The certificate ended on ${end}: applications refuse sign-ins. Change the key now.`]
  if (notAfter - now <= warnBeforeMs) {
    const days = Math.floor((notAfter - now) / day)
    return [
      `The certificate ends on ${end}, in ${days} ${days === 1 ? 'day' : 'days'}: change the key before.`,
    ]
  }
  return [
    `The certificate is good until ${end}; change the key 90 days before, or at once if it may be known to others.`,
  ]
}

function adviseAudit(phase: RolloverPhase): string[] {
  switch (phase) {
    case 'steady':
      return [
        'This key signs the heads of the audit log. It has no certificate, and no application needs to know it.',
        'To change it, prepare the next one.',
      ]
    case 'prepared':
      return [
        'The current key still signs. Whoever verifies the log with --key and the IDs that they noted has to note the ID of the next key as well.',
        'Then switch.',
      ]
    case 'switched':
      return [
        'The new key signs new heads; heads that the old one signed are verified with its public half, which is kept for ever.',
        'Then finish: the old private key is deleted, so that nobody can sign with it any more.',
      ]
  }
}

function adviseOidc(phase: RolloverPhase): string[] {
  switch (phase) {
    case 'steady':
      return [
        'This key signs the tokens by which the gateway signs in to AWS, and nothing else. AWS reads its public half from the keys of the issuer.',
        'To change it, prepare the next one: it is published beside the current one, and nothing else changes yet.',
      ]
    case 'prepared':
      return [
        'The next key is published here; the current key still signs.',
        'Where the issuer is a host with static files, publish them again: gatehouse awsic publish-issuer DIR.',
        'Then switch. The gateway first reads the keys of the issuer as AWS does, and refuses while the next key is not among them.',
      ]
    case 'switched':
      return [
        'The new key signs. Look at the status of Identity Center: its credentials are renewed with the new key.',
        'Then finish: the old private key is deleted here, and its public half is no longer published. Publish static files again afterwards.',
      ]
  }
}

/** What a step is about to do, for whoever confirms it. */
export function describeStep(purpose: KeyRolloverPurpose, step: RolloverStep): string {
  if (purpose === 'oidc') return describeOidcStep(step)
  const isSaml = purpose === 'saml'
  switch (step) {
    case 'prepare':
      return isSaml
        ? 'Makes the next key and publishes its certificate beside the current one; the current key goes on signing.'
        : 'Makes the next key; the current one goes on signing.'
    case 'switch':
      return isSaml
        ? 'Lets the next key sign and withdraws the old certificate from the metadata. Applications that do not trust the next certificate refuse every sign-in from then on.'
        : 'Lets the next key sign new heads of the audit log; the old one is kept to verify those that it signed.'
    case 'finish':
      return isSaml
        ? 'Deletes the old key. It cannot be brought back.'
        : 'Deletes the private half of the old key and keeps its public half to verify. It cannot be taken back.'
    case 'cancel':
      return isSaml
        ? 'Deletes the next key and withdraws its certificate; remove it from the applications that have it.'
        : 'Deletes the next key.'
  }
}

function describeOidcStep(step: RolloverStep): string {
  switch (step) {
    case 'prepare':
      return 'Makes the next key and publishes it beside the current one; the current key goes on signing.'
    case 'switch':
      return 'Lets the next key sign tokens for AWS, if the keys that AWS reads hold it; refused otherwise.'
    case 'finish':
      return 'Deletes the old key and stops publishing it. It cannot be brought back.'
    case 'cancel':
      return 'Deletes the next key and stops publishing it.'
  }
}
