/**
 * @module Says a refused sign-in in the person's words: what stopped them and what to do about it. The audit
 * event keeps the exact texts and every reason; this is for the page.
 */
import { describeLockout } from '../lock/describe.js'
import type { SamlDecision } from '../role/saml-access.js'

export interface RefusalWords {
  readonly title: string
  readonly reasons: readonly string[]
  readonly advice: readonly string[]
}

/** For a person who is allowed but cannot be announced, such as a name that AWS does not take for a user name. */
export function describeUnsayable(because: string, application: string): RefusalWords {
  return {
    title: `You cannot be announced to ${application}`,
    reasons: [because.charAt(0).toUpperCase() + because.slice(1)],
    advice: [
      'Your roles allow this sign-in. Ask an administrator to correct what is named above, then try again.',
    ],
  }
}

type Denial = Extract<SamlDecision, { effect: 'deny' }>

/** The advice for each cause; `says` of the decision's reasons are the reasons. */
export function describeRefusal(denial: Denial, application: string): RefusalWords {
  const reasons = denial.reasons
    .filter(({ effect }) => effect !== 'allow')
    .map(({ says }) => says)
    .slice(0, 12)
  switch (denial.because) {
    case 'locked':
      return {
        title: 'You are locked out',
        reasons: describeLockout(denial.locks),
        advice: ['Ask an administrator if that is not right. No role of yours can lift a lock.'],
      }
    case 'cluster_disabled':
      return {
        title: 'Sign-in to applications is switched off',
        reasons,
        advice: [
          'An administrator has switched off the identity provider for everyone; ask them when it returns.',
        ],
      }
    case 'role_disables_idp':
      return {
        title: `One of your roles forbids signing in to ${application}`,
        reasons,
        advice: [
          'Ask an administrator to set idp.saml.enabled: true in that role, or to take the role from you.',
        ],
      }
    case 'denied_by_role':
    case 'rules_denied':
      return {
        title: `One of your roles denies ${application}`,
        reasons,
        advice: [
          'A denial wins over every allowance. Ask an administrator whether that role should apply to you.',
        ],
      }
    case 'no_roles':
      return {
        title: 'You have no roles yet',
        reasons,
        advice: ['Ask an administrator for a role whose app_labels match this application.'],
      }
    case 'no_role_matches':
      return {
        title: `None of your roles allows ${application}`,
        reasons,
        advice: [
          'Ask an administrator for a role whose app_labels match the labels of this application.',
          'If you were given access just now, try again: a new role counts at once.',
        ],
      }
    case 'device_untrusted':
      return {
        title: `${application} needs a trusted device`,
        reasons,
        advice: [
          'No device of yours can vouch for you yet. Ask an administrator for a token, run gatehouse device enroll on the device that you work with, then try again.',
        ],
      }
    case 'mfa_unavailable':
      return {
        title: `${application} needs a hardware key, and you have none that counts`,
        reasons,
        advice: [
          'Add a hardware key as a passkey in My settings, and sign in again. It counts where an administrator trusts its maker (webauthn.attestation_allowed_cas).',
          'Otherwise ask an administrator to let another second factor be enough.',
        ],
      }
  }
}
