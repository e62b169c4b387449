/**
 * @module Whether a Response answers a request of ours, once, at the right place (SAML Profiles 4.1.5 covers the
 * Response that answers none), and whether its assertion was seen before.
 */
import type { SentRequest } from '../../state/sign-in.js'
import type { CheckList } from './check-list.js'

export interface RequestRules {
  readonly now: number
  readonly acsUrl: string
  /** RelayState as posted beside the Response. */
  readonly relayState: string | undefined
  /** The cookie of this browser; a cross-site POST does not bring it, then the question is left to `acs.ts`. */
  readonly browserId: string | undefined
  readonly findRequest: (id: string) => SentRequest | undefined
}

export interface Answer {
  readonly inResponseTo: string | undefined
  readonly subjectInResponseTo: string | undefined
}

/** The request that is answered; undefined where the identity provider started the sign-in. */
export function checkRequest(
  answer: Answer,
  rules: RequestRules,
  checks: CheckList,
): SentRequest | undefined {
  const { inResponseTo, subjectInResponseTo } = answer
  const id = inResponseTo ?? subjectInResponseTo
  if (id === undefined) {
    checks.pass('in-response-to')
    return undefined
  }
  const request = rules.findRequest(id)
  const right =
    inResponseTo === subjectInResponseTo &&
    request !== undefined &&
    !request.answered &&
    request.expiresAt > rules.now &&
    (request.browserId === undefined ||
      rules.browserId === undefined ||
      request.browserId === rules.browserId) &&
    (request.acsUrl === undefined || request.acsUrl === rules.acsUrl)
  if (!right) {
    // AWS's own words, for every one of these reasons.
    checks.refuse('in-response-to', 'unexpected', `Not a valid response for the provided request id: ${id}`)
  }
  checks.pass('in-response-to')
  checks.expect(
    'relay-state',
    'unexpected',
    request.relayState === rules.relayState
      ? undefined
      : `the RelayState of request ${id} did not come back unchanged`,
  )
  return request
}
