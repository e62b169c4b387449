/** Facts of an import, written briefly: who is in which group, who is assigned what. */
import type { ImportFacts, KnownUser } from '../../../src/core/import/facts.js'
import { principalKey, type ObservedUser } from '../../../src/core/identity-center/observation.js'
import { defaultGuard, type PluginSettings } from '../../../src/core/identity-center/settings.js'

export const now = Date.parse('2026-06-01T00:00:00Z')
export const instance = 'ssoins-1234567890abcdef'
export const setArn = (n: number): string =>
  `arn:aws:sso:::permissionSet/${instance}/ps-${String(n).padStart(16, '0')}`
export const accountId = (n: number): string => String(n).padStart(12, '0')
export const pair = (account: number, set: number): string => `${accountId(account)}/${setArn(set)}`

export const settings: PluginSettings = {
  name: 'aws-identity-center',
  instanceArn: `arn:aws:sso:::instance/${instance}`,
  region: 'eu-central-1',
  credentials: { kind: 'system', assumeRoleArn: undefined },
  scimBaseUrl: undefined,
  allowOtherScimHost: false,
  defaultOwners: ['owner@example.com'],
  serviceProvider: 'aws',
  userFilters: [],
  accountFilters: [],
  groupFilters: [],
  rolesSyncMode: 'ALL',
  sync: 'paused',
  drift: 'revert',
  restoreDeletedGroups: 'ask',
  deletionDelayMs: 0,
  scanIntervalMs: 300_000,
  rateShare: 0.5,
  guard: defaultGuard,
}

export interface Brief {
  /** User name by id. */
  readonly awsUsers?: Readonly<Record<string, string>>
  /** By group id: display name, ids of members, pairs. */
  readonly groups?: Readonly<
    Record<
      string,
      { readonly name: string; readonly members?: readonly string[]; readonly pairs?: readonly string[] }
    >
  >
  /** By user id. */
  readonly direct?: Readonly<Record<string, readonly string[]>>
  readonly users?: readonly (string | Partial<KnownUser>)[]
  readonly accounts?: number
  readonly sets?: number
  readonly facts?: Partial<ImportFacts>
}

export function factsOf(brief: Brief): ImportFacts {
  const { awsUsers = {}, groups = {}, direct = {}, users = [], accounts = 3, sets = 3 } = brief
  const places = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
  return {
    settings,
    observation: {
      users: new Map(Object.entries(awsUsers).map(([id, userName]) => [id, observedUser(id, userName)])),
      groups: new Map(
        Object.entries(groups).map(([id, { name }]) => [
          id,
          { id, displayName: name, externalId: undefined },
        ]),
      ),
      members: new Map(Object.entries(groups).map(([id, { members = [] }]) => [id, new Set(members)])),
      assignments: new Map([
        ...Object.entries(groups).map(
          ([id, { pairs = [] }]) => [principalKey('group', id), new Set(pairs)] as const,
        ),
        ...Object.keys(awsUsers).map((id) => [principalKey('user', id), new Set(direct[id] ?? [])] as const),
      ]),
      doubts: new Set(),
    },
    accounts: places(accounts).map((n) => ({
      id: accountId(n),
      arn: `arn:aws:organizations::1:account/o/${accountId(n)}`,
      name: `account-${n}`,
      email: undefined,
      status: 'ACTIVE',
      ouPath: undefined,
      tags: {},
      isManagement: n === 1,
    })),
    permissionSets: places(sets).map((n) => ({
      arn: setArn(n),
      name: `Set${n}`,
      description: undefined,
      sessionDuration: undefined,
    })),
    users: users.map((user) => knownUser(typeof user === 'string' ? { name: user } : user)),
    lists: [],
    takenNames: [],
    members: [],
    links: [],
    ledger: [],
    formerOwners: [],
    now,
    ...brief.facts,
  }
}

export function observedUser(id: string, userName: string): ObservedUser {
  const none = undefined
  return {
    id,
    userName,
    displayName: none,
    givenName: none,
    familyName: none,
    email: none,
    active: true,
    externalId: none,
  }
}

export function knownUser(facts: Partial<KnownUser>): KnownUser {
  return { name: 'x', labels: {}, origin: 'local', traits: {}, isLocked: false, ...facts }
}
