/**
 * An emulator with an issuer beside it, and roles that trust it.
 */
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleWithWebIdentityCommand, type Credentials as StsCredentials } from '@aws-sdk/client-sts'
import { expect } from 'vitest'
import { AwsWorld, demo, sendQuery, type Credentials, type WorldOptions } from '../aws-world.js'
import { audience, issuerName, subject, type TestIssuer } from './issuer.js'

export const webRole = 'gatehouse'
export const webRoleArn = `arn:aws:iam::${demo.management}:role/${webRole}`
export const providerArn = `arn:aws:iam::${demo.management}:oidc-provider/id.example.com`

export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

/** May list instances and nothing else. */
export const mayList = policy({ Effect: 'Allow', Action: 'sso:ListInstances', Resource: '*' })

/** Trusts tokens of the issuer for the audience and the subject. */
export const webTrust = policy({
  Effect: 'Allow',
  Principal: { Federated: providerArn },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { 'id.example.com:aud': audience, 'id.example.com:sub': subject } },
})

export async function makeRole(
  world: AwsWorld,
  RoleName: string,
  trust: string,
  permissions: string = mayList,
  more: object = {},
): Promise<string> {
  const { Role } = await world.clients.iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, ...more }),
  )
  await world.clients.iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: 'may', PolicyDocument: permissions }),
  )
  return Role?.Arn ?? ''
}

/** What both kinds of tests begin with: a provider for the issuer, and a role that trusts it. */
export async function arrangeWebRole(world: AwsWorld): Promise<void> {
  await world.clients.iam.send(
    new CreateOpenIDConnectProviderCommand({ Url: issuerName, ClientIDList: [audience] }),
  )
  await makeRole(world, webRole, webTrust)
}

export async function openWithIssuer(
  issuer: TestIssuer,
  settings: NonNullable<WorldOptions['settings']> = {},
): Promise<AwsWorld> {
  return await AwsWorld.open({ issuers: new Map([[issuerName, issuer.url]]), settings })
}

export function assume(world: AwsWorld, token: string, more: object = {}) {
  return world.clients.sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: webRoleArn,
      RoleSessionName: 'plugin',
      WebIdentityToken: token,
      ...more,
    }),
  )
}

export function credentialsOf(given: StsCredentials | undefined): Credentials {
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  }
}

export function callSts(world: AwsWorld, action: string, form: Readonly<Record<string, string>> = {}) {
  return sendQuery(world.url, { Action: action, Version: '2011-06-15', ...form }, 'sts')
}

/** The refusal as it stands on the wire. */
export async function expectRefusal(
  answer: Promise<{ readonly status: number; readonly body: string }>,
  status: number,
  code: string,
  message: string,
): Promise<void> {
  const { status: got, body } = await answer
  expect({ status: got, body }).toEqual({
    status,
    body: expect.stringContaining(`<Code>${code}</Code><Message>${message}</Message>`),
  })
}
