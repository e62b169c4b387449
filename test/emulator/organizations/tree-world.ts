/**
 * An organisation with a tree of units, a delegated administrator, and keys in three accounts, one of them with few
 * rights.
 */
import { type OrganizationsClient } from '@aws-sdk/client-organizations'
import { parseOrganisation } from '../../../src/emulator/state/organisation.js'
import { AwsWorld, type Credentials } from '../aws-world.js'

export const tree = {
  organizationId: 'o-exampleorg1',
  rootId: 'r-ab12',
  management: '111111111111',
  delegated: '222222222222',
  member: '333333333333',
  /** Directly in Workloads/Production. */
  shop: '444444444444',
} as const

const key = (letter: string): Credentials => ({
  accessKeyId: `AKIA${letter.repeat(16)}`,
  secretAccessKey: letter.repeat(40),
})
export const keys = { management: key('M'), delegated: key('D'), member: key('E'), limited: key('L') }

const credential = ({ accessKeyId, secretAccessKey }: Credentials, account: string, policies: unknown) => ({
  accessKeyId,
  secretAccessKey,
  account,
  userName: account,
  policies,
})

const accounts = [
  { id: tree.management, name: 'management', email: 'aws@example.com' },
  { id: tree.delegated, name: 'identity', email: 'aws+identity@example.com', unit: 'Security' },
  {
    id: tree.member,
    name: 'log-archive',
    email: 'aws+logs@example.com',
    unit: 'Security',
    state: 'SUSPENDED',
  },
  {
    id: tree.shop,
    name: 'shop',
    email: 'aws+shop@example.com',
    unit: 'Workloads/Production',
    tags: { team: 'shop', 'cost center': '42' },
  },
  ...Array.from({ length: 45 }, (_, index) => ({
    id: String(500_000_000_000 + index),
    name: `team-${index}`,
    email: `aws+team-${index}@example.com`,
    unit: 'Workloads',
  })),
]

export const organisation = parseOrganisation(
  JSON.stringify({
    instance: {
      instanceArn: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
      identityStoreId: 'd-0123456789',
      region: 'eu-central-1',
      portalAlias: 'tree',
      acsTenant: '0123456789abcdef-0000-0000-0000-000000000000',
    },
    organizationId: tree.organizationId,
    rootId: tree.rootId,
    createdAt: '2024-01-15T09:00:00Z',
    delegatedAdministrator: 'identity',
    accounts,
    credentials: [
      credential(keys.management, 'management', 'administrator'),
      credential(keys.delegated, 'identity', 'administrator'),
      credential(keys.member, 'log-archive', 'administrator'),
      credential(keys.limited, 'management', [
        {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: 'organizations:ListAccountsForParent',
              Resource: `arn:aws:organizations::*:root/o-exampleorg1/r-ab12`,
            },
            { Effect: 'Allow', Action: 'organizations:List*', Resource: '*' },
            { Effect: 'Deny', Action: ['organizations:ListRoots'], Resource: '*' },
          ],
        },
      ]),
    ],
  }),
  'the tree',
)

export const openTree = (): Promise<AwsWorld> => AwsWorld.open({ organisation })

export function clientOf(world: AwsWorld, credentials: Credentials): OrganizationsClient {
  return world.clientsOf(credentials).organizations
}
