/** Why AWS does not let us take on the role: each cause with its own remedy. */
import { describe, expect, test } from 'vitest'
import { AwsCallError } from '../../../src/core/governor/call.js'
import { sayAwsFailure } from '../../../src/service/identity-center/words.js'

/** What STS answers, by AWS's documents. */
const answers = [
  [
    'ExpiredTokenException',
    'Token expired: current date/time 1 must be before the expiration date/time 0',
    'NTP',
  ],
  ['InvalidIdentityToken', 'Token is not yet valid', 'NTP'],
  ['InvalidIdentityToken', 'Incorrect token audience', 'does not list our audience'],
  [
    'InvalidIdentityToken',
    'No OpenIDConnect provider found in your account for https://x',
    'has no identity provider',
  ],
  [
    'InvalidIdentityToken',
    "Couldn't retrieve verification key from your identity provider",
    'publish-issuer',
  ],
  ['IDPCommunicationError', 'timed out', 'publish-issuer'],
  ['AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 'trust policy'],
] as const

function said(operation: string, awsCode: string, message: string): string {
  const failure = awsCode === 'AccessDenied' ? 'denied' : 'unauthorized'
  return sayAwsFailure(new AwsCallError({ failure, service: 'sts', operation, awsCode, message }))
}

describe('a role that cannot be taken on', () => {
  test.each(answers)('%s, %s: says what to do', (awsCode, message, remedy) => {
    const text = said('AssumeRoleWithWebIdentity', awsCode, message)
    expect(text).toContain(remedy)
    expect(text).toContain(message)
    const others = answers.map(([, , other]) => other).filter((other) => other !== remedy)
    for (const other of others) expect(text).not.toContain(other)
  })

  test('says nothing of it about another call, and makes no guess', () => {
    expect(said('ListUsers', 'ExpiredTokenException', 'Token expired')).not.toContain('NTP')
    expect(said('AssumeRoleWithWebIdentity', 'PackedPolicyTooLarge', 'too large')).toContain('too large')
  })
})
