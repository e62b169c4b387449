/** @module Who we are to AWS: the subject of an integration, its issuer, and what AWS will not reach. */
import { describe, expect, test } from 'vitest'
import {
  findIssuerProblem,
  integrationSubject,
  issuerOf,
  listIssuerWarnings,
  parseRoleArn,
} from '../../../src/core/identity-center/integration.js'

describe('the subject', () => {
  test('differs by integration and by cluster, also where names are put together', () => {
    const subjects = [
      integrationSubject('aws', 'a.example.com'),
      integrationSubject('aws', 'b.example.com'),
      integrationSubject('other', 'a.example.com'),
      integrationSubject('integration:aws', 'a'),
      integrationSubject('aws', 'a:integration'),
    ]
    expect(new Set(subjects).size).toBe(subjects.length)
  })

  test('has the six characters that STS wants, for the shortest names too', () => {
    expect(integrationSubject('a', 'b').length).toBeGreaterThanOrEqual(6)
  })
})

test('the issuer is the one of the integration, or the public URL without a trailing slash', () => {
  expect(issuerOf({ issuer: 'https://id.example.com' }, 'https://gate.example.com')).toBe(
    'https://id.example.com',
  )
  expect(issuerOf({ issuer: undefined }, 'https://gate.example.com/')).toBe('https://gate.example.com')
})

test('a role is known by its partition and account, anything else is no role', () => {
  expect(parseRoleArn('arn:aws-cn:iam::123456789012:role/a/b')).toEqual({
    partition: 'aws-cn',
    accountId: '123456789012',
  })
  expect(parseRoleArn('arn:aws:sts::123456789012:assumed-role/a/b')).toBeUndefined()
})

describe('an issuer (T14)', () => {
  test.each(['https://id.example.com', 'https://id.example.com/gate', 'https://xn--bcher-kva.example'])(
    '%s is one that AWS takes, and nothing is said about it',
    (issuer) => {
      expect(findIssuerProblem(issuer)).toBeUndefined()
      expect(listIssuerWarnings(issuer)).toEqual(issuer.endsWith('.example') ? [] : [])
    },
  )

  test.each([
    ['http://gate.example.com', ['is not https']],
    ['https://gate.example.com:8443', ['has a port']],
    ['http://localhost:3080', ['is not https', 'has a port', 'cannot reach localhost']],
    ['https://10.0.0.7', ['cannot reach 10.0.0.7']],
    ['https://[fd00::1]', ['cannot reach [fd00::1]']],
    ['https://gate.corp.internal', ['cannot reach gate.corp.internal']],
    ['https://gate', ['cannot reach gate']],
  ])('%s is warned of, with what to do instead', (issuer, words) => {
    const warnings = listIssuerWarnings(issuer)
    expect(warnings).toHaveLength(words.length)
    for (const [index, word] of words.entries()) expect(warnings[index]).toContain(word)
    for (const warning of warnings) expect(warning).toContain('gatehouse awsic publish-issuer DIR')
  })

  test.each([
    'http://gate.example.com',
    'https://gate.example.com:8443',
    'https://a.example.com/',
    'https://',
    'https://A.example.com',
  ])('%s is none for an integration to name', (issuer) => {
    expect(findIssuerProblem(issuer)).toBeDefined()
  })
})
