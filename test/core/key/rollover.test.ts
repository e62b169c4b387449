/** @module The phases of a key rollover, its steps, and the advice for each. */
import { describe, expect, test } from 'vitest'
import {
  adviseRollover,
  describeStep,
  possibleSteps,
  rolloverPhase,
  type RolloverFacts,
  type RolloverKey,
} from '../../../src/core/key/rollover.js'
import { day } from '../../../src/core/time.js'

const now = Date.parse('2026-03-01T00:00:00Z')
const key = (state: RolloverKey['state'], isWiped = false): RolloverKey => ({ state, isWiped })
const facts: RolloverFacts = {
  purpose: 'saml',
  phase: 'steady',
  metadataUrl: 'https://gate.example.com/saml/idp/metadata',
  applications: [
    { name: 'aws', isIdentityCenter: true },
    { name: 'wiki', isIdentityCenter: false },
  ],
  notAfter: now + 1000 * day,
  now,
}
const advice = (changes: Partial<RolloverFacts>): string =>
  adviseRollover({ ...facts, ...changes }).join('\n')

describe('the phase', () => {
  test.each([
    ['steady', []],
    ['steady', [key('current')]],
    ['steady', [key('current'), key('retired', true)]],
    ['prepared', [key('current'), key('next')]],
    ['prepared', [key('current'), key('next'), key('retired')]],
    ['switched', [key('current'), key('retired'), key('retired', true)]],
  ] as const)('is %s with %j', (phase, keys) => {
    expect(rolloverPhase(keys)).toBe(phase)
  })

  test('says what is possible, the next step first', () => {
    expect(possibleSteps('steady')).toEqual(['prepare'])
    expect(possibleSteps('prepared')).toEqual(['switch', 'cancel'])
    expect(possibleSteps('switched')).toEqual(['finish'])
  })
})

describe('the advice', () => {
  test('names each application with the place where it learns of the next certificate', () => {
    const says = advice({ phase: 'prepared' })
    expect(says).toContain('"aws": in the AWS console open IAM Identity Center, Settings, Identity source')
    expect(says).toContain('gatehouse keys export --kind saml --state next')
    expect(says).toContain('"wiki": let it read https://gate.example.com/saml/idp/metadata again')
    expect(advice({ phase: 'prepared', applications: [] })).not.toContain('AWS console')
  })

  test('after the switch is to look whether it works before the old key goes', () => {
    const says = advice({ phase: 'switched' })
    expect(says).toContain('"aws": delete the old certificate in the AWS console')
    expect(says).toContain('Then finish')
  })

  test('tells the end of the certificate, and presses 90 days before', () => {
    expect(advice({})).toContain('good until 2028-11-25')
    expect(advice({ notAfter: now + 90 * day + 1 })).toContain('good until')
    expect(advice({ notAfter: now + 90 * day })).toContain(
      'ends on 2026-05-30, in 90 days: change the key before.',
    )
    expect(advice({ notAfter: now + day })).toContain('in 1 day:')
    expect(advice({ notAfter: now })).toContain('ended on 2026-03-01: applications refuse sign-ins')
  })

  test('for audit keys is about verifiers, and never about certificates to upload', () => {
    const phases = ['steady', 'prepared', 'switched'] as const
    const says = phases.map((phase) => advice({ purpose: 'audit', phase, notAfter: undefined }))
    expect(says.join()).not.toMatch(/AWS|metadata|wiki/)
    expect(says[1]).toContain('--key')
    expect(says[2]).toContain('public half, which is kept for ever')
  })
})

describe('the advice for the keys of the issuer', () => {
  test('names static files before the switch and after it', () => {
    const phases = ['steady', 'prepared', 'switched'] as const
    const says = phases.map((phase) => advice({ purpose: 'oidc', phase, notAfter: undefined }))
    expect(says.join()).not.toMatch(/wiki|certificate/)
    expect(says[1]).toContain('gatehouse awsic publish-issuer DIR')
    expect(says[1]).toContain('refuses while the next key is not among them')
    expect(says[2]).toContain('Publish static files again')
  })
})

test('each step says what it is about to do', () => {
  const all = (['saml', 'audit', 'oidc'] as const).flatMap((purpose) =>
    (['prepare', 'switch', 'finish', 'cancel'] as const).map((step) => describeStep(purpose, step)),
  )
  expect(new Set(all).size).toBe(12)
  expect(describeStep('saml', 'switch')).toContain('refuse every sign-in')
})
