/**
 * @module Why AWS does not let us take on the role, each cause with what to do: by the code and the words that STS
 * answers. They are AWS's, so what is not recognised gets no guess.
 */
import type { AwsCallError } from '../../core/governor/call.js'

type Refusal = Pick<AwsCallError, 'awsCode' | 'message'>

interface Cause {
  readonly is: (refusal: Refusal) => boolean
  readonly remedy: string
}

/** In this order: the first that fits. */
const causes: readonly Cause[] = [
  {
    is: ({ awsCode, message }) =>
      awsCode.startsWith('ExpiredToken') || /expired|not yet valid|future/i.test(message),
    remedy:
      'The token was made a moment ago, so the clock of the machine that runs the gateway is wrong: set it by NTP.',
  },
  {
    is: ({ message }) => /audience/i.test(message),
    remedy:
      'The identity provider in IAM does not list our audience: run the set-up script again, or correct spec.aws_oidc.audience of the integration.',
  },
  {
    is: ({ message }) => /no openidconnect provider/i.test(message),
    remedy:
      'The account of the role has no identity provider of our issuer: run the set-up script in that account, and see that spec.aws_oidc.issuer is the same.',
  },
  {
    is: ({ awsCode, message }) =>
      awsCode.startsWith('IDPCommunicationError') || /verification key/i.test(message),
    remedy:
      'AWS cannot read our keys: the issuer has to be reachable from the internet, or its files have to be published anew (gatehouse awsic publish-issuer).',
  },
  {
    is: ({ awsCode }) => awsCode.startsWith('AccessDenied'),
    remedy:
      'Check its ARN; the role may not exist, or its trust policy may name another issuer, audience or subject: run the set-up script again.',
  },
]

/** What to do; undefined where the cause is not known. */
export function assumeRoleRemedy(refusal: Refusal): string | undefined {
  return causes.find(({ is }) => is(refusal))?.remedy
}
