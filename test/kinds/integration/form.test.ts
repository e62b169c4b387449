import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { isCode } from '../../../src/core/error.js'
import { createIntegrationKind } from '../../../src/kinds/integration/kind.js'

const kind = createIntegrationKind({ publicUrl: 'https://gate.example.com' })
const roleArn = 'arn:aws:iam::123456789012:role/GatehouseIdentityCenter'

function integration(aws_oidc: unknown, metadata: object = { name: 'aws' }) {
  return { kind: 'integration', sub_kind: 'aws-oidc', version: 'v1', metadata, spec: { aws_oidc } }
}

function problemsOf(input: unknown): unknown {
  try {
    kind.parse(input)
  } catch (error) {
    if (isCode(error, 'INVALID_RESOURCE')) return error.details['problems']
    throw error
  }
  throw new Error('it was accepted')
}

describe('the form of an integration', () => {
  test('a role, an audience and an issuer are read as they stand', () => {
    const aws_oidc = { role_arn: roleArn, audience: 'gatehouse', issuer: 'https://id.example.com/gate/' }
    const { value, document } = kind.parse(integration(aws_oidc))
    expect(value).toEqual({
      name: 'aws',
      roleArn,
      audience: 'gatehouse',
      issuer: 'https://id.example.com/gate',
    })
    expect(kind.parse(document).document).toEqual(document)
  })

  test('the role may be missing, the audience is that of AWS and is kept, the issuer is the public URL', () => {
    const { value, document } = kind.parse(integration({}))
    expect(value).toEqual({
      name: 'aws',
      roleArn: undefined,
      audience: 'sts.amazonaws.com',
      issuer: undefined,
    })
    expect(document).toMatchObject({ spec: { aws_oidc: { audience: 'sts.amazonaws.com' } } })
  })

  test.each([
    'arn:aws:iam::123456789012:role/path/to/Role',
    'arn:aws-us-gov:iam::123456789012:role/R',
    'arn:aws-cn:iam::123456789012:role/R',
  ])('takes the role %s', (role_arn) => {
    expect(kind.parse(integration({ role_arn })).value.roleArn).toBe(role_arn)
  })

  test.each([
    [{ role_arn: 'arn:aws:iam::123456789012:user/ada' }, 'spec.aws_oidc.role_arn'],
    [{ role_arn: 'arn:aws:iam::123:role/R' }, 'spec.aws_oidc.role_arn'],
    [{ role_arn: `${roleArn}\n` }, 'spec.aws_oidc.role_arn'],
    [{ role_arn: `${roleArn}'` }, 'spec.aws_oidc.role_arn'],
    [{ audience: '' }, 'spec.aws_oidc.audience'],
    [{ audience: 'a b' }, 'spec.aws_oidc.audience'],
    [{ audience: `a'` }, 'spec.aws_oidc.audience'],
    [{ issuer: 'http://id.example.com' }, 'spec.aws_oidc.issuer'],
    [{ issuer: 'https://id.example.com:8443' }, 'spec.aws_oidc.issuer'],
    [{ issuer: 'https://id.example.com/?a=b' }, 'spec.aws_oidc.issuer'],
    [{ issuer: 'https://user@id.example.com' }, 'spec.aws_oidc.issuer'],
    [{ issuer: 'https://id.example.com/../x y' }, 'spec.aws_oidc.issuer'],
    [{ subject: 'x' }, 'spec.aws_oidc.subject'],
  ])('refuses %j at %s', (aws_oidc, path) => {
    expect(problemsOf(integration(aws_oidc))).toEqual([expect.objectContaining({ path })])
  })

  test.each(['a b', 'a/b', "a'", '-a', 'ä', 'x'.repeat(61)])('refuses the name %j', (name) => {
    expect(problemsOf(integration({}, { name }))).toEqual([
      expect.objectContaining({ path: 'metadata.name' }),
    ])
  })

  test('refuses another connection than that to AWS', () => {
    const other = { ...integration({}), sub_kind: 'aws-ra' }
    expect(problemsOf(other)).toEqual([expect.objectContaining({ path: 'sub_kind' })])
  })

  test('the example parses', () => {
    expect(kind.parse(parse(kind.example)).value.name).toBe('aws')
  })
})
