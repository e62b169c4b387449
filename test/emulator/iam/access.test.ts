/**
 * Every operation of iam asks for its own permission, on the resource that it is about.
 */
import { afterAll, beforeAll, describe, test } from 'vitest'
import { iam } from '../../../src/emulator/iam/index.js'
import { parseOrganisation } from '../../../src/emulator/state/organisation.js'
import { AwsWorld, callIam, demo, expectRefusal, mayList, trustAccount } from './support.js'

const account = demo.management
const nobody = `arn:aws:iam::${account}:user/nobody`
const provider = `arn:aws:iam::${account}:oidc-provider/id.example.com`
const saml = `arn:aws:iam::${account}:saml-provider/AWSSSO_0000000000000000_DO_NOT_DELETE`
const role = `arn:aws:iam::${account}:role/deployer`
const onRole = { RoleName: 'deployer' }
const onProvider = { OpenIDConnectProviderArn: provider }

/** A valid input of each operation, and the resource that the refusal names. */
const calls: Record<string, readonly [form: Record<string, string>, resource: string]> = {
  ListRoles: [{ PathPrefix: '/aws-reserved/' }, `arn:aws:iam::${account}:role/aws-reserved/`],
  GetRole: [onRole, role],
  CreateRole: [
    { ...onRole, Path: '/teams/', AssumeRolePolicyDocument: trustAccount },
    `arn:aws:iam::${account}:role/teams/deployer`,
  ],
  DeleteRole: [onRole, role],
  UpdateAssumeRolePolicy: [{ ...onRole, PolicyDocument: trustAccount }, role],
  UpdateRole: [onRole, role],
  PutRolePolicy: [{ ...onRole, PolicyName: 'p', PolicyDocument: mayList }, role],
  GetRolePolicy: [{ ...onRole, PolicyName: 'p' }, role],
  ListRolePolicies: [onRole, role],
  DeleteRolePolicy: [{ ...onRole, PolicyName: 'p' }, role],
  AttachRolePolicy: [{ ...onRole, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }, role],
  DetachRolePolicy: [{ ...onRole, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }, role],
  ListAttachedRolePolicies: [onRole, role],
  TagRole: [{ ...onRole, 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'b' }, role],
  ListRoleTags: [onRole, role],
  CreateOpenIDConnectProvider: [{ Url: 'https://id.example.com' }, provider],
  GetOpenIDConnectProvider: [onProvider, provider],
  ListOpenIDConnectProviders: [{}, '*'],
  DeleteOpenIDConnectProvider: [onProvider, provider],
  AddClientIDToOpenIDConnectProvider: [{ ...onProvider, ClientID: 'c' }, provider],
  RemoveClientIDFromOpenIDConnectProvider: [{ ...onProvider, ClientID: 'c' }, provider],
  UpdateOpenIDConnectProviderThumbprint: [
    { ...onProvider, 'ThumbprintList.member.1': '0'.repeat(40) },
    provider,
  ],
  GetSAMLProvider: [{ SAMLProviderArn: saml }, saml],
  ListSAMLProviders: [{}, '*'],
}

const organisation = parseOrganisation(
  `instance:
  instanceArn: arn:aws:sso:::instance/ssoins-0000000000000000
  identityStoreId: d-0000000000
  region: us-east-1
  portalAlias: small
  acsTenant: '0000000000000000-0000-0000-0000-000000000000'
accounts: [{ id: '${account}', name: management, email: aws@example.com }]
credentials:
  - accessKeyId: AKIAIOSFODNN7EXAMPLE
    secretAccessKey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
    userName: nobody
    policies: []
`,
  'the test',
)

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open({ organisation })
})
afterAll(() => world[Symbol.asyncDispose]())

describe('a caller without permissions', () => {
  test.each(iam.operations.map(({ name }) => name))('is refused %s', async (name) => {
    const [form, resource] = calls[name] ?? [{}, 'an entry in the table above']
    const why = `because no identity-based policy allows the iam:${name} action`
    await expectRefusal(
      callIam(world, name, form),
      403,
      'AccessDenied',
      `User: ${nobody} is not authorized to perform: iam:${name} on resource: ${resource} ${why}`,
    )
  })
})
