/**
 * @module The roles of an account as IAM shows them: those that customers made, and those that Identity Center makes,
 * which follow from what is provisioned and cannot be changed by anybody.
 */
import type { Call } from '../aws/operation.js'
import { AwsError } from '../aws/error.js'
import { toIsoSeconds } from '../aws/operation.js'
import { roleArn } from '../access/caller-keys.js'
import { roleKey, samlProviderArn, type IamRole } from '../state/iam.js'
import { listReservedRoles, type ReservedRole } from '../state/reserved-role.js'
import { stableHex } from '../state/stable-id.js'
import type { Tables } from '../state/tables.js'
import { noSuchEntity } from './errors.js'
import { encodePolicy } from './policy-document.js'
import { tagList } from './tags.js'

export type AnyRole = IamRole | ReservedRole

/** Identity Center lets its roles be used for as long as IAM knows, and limits sessions by the permission set. */
const reservedSessionSeconds = 43_200

/** The ARN that IAM knows an operation's role by, for authorisation; of a role that is not there, too. */
export function roleResource({ context, caller }: Call, name: string): readonly string[] {
  const role = lookUp(context.state.tables, { context, caller }, name)
  return [role === undefined ? roleArn({ accountId: caller.accountId, path: '/', name }) : arnOf(role)]
}

/** A role of the caller's account as reads see it. @throws AwsError `NoSuchEntity` */
export function findRole(call: Call, name: string): AnyRole {
  return lookUp(call.context.readable(), call, name) ?? missing(name)
}

/** A role that the caller is about to change. @throws AwsError `NoSuchEntity`, or for a role of Identity Center */
export function roleToChange(call: Call, name: string): IamRole {
  const role = lookUp(call.context.state.tables, call, name) ?? missing(name)
  if ('permissionSet' in role) {
    throw new AwsError(
      'UnmodifiableEntity',
      `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`,
    )
  }
  return role
}

/** Whether a role has the name, which differs from others in more than case. */
export function roleExists(call: Call, name: string): boolean {
  return lookUp(call.context.state.tables, call, name) !== undefined
}

function missing(name: string): never {
  throw noSuchEntity(`The role with name ${name} cannot be found.`)
}

function lookUp(
  tables: Tables,
  { context, caller }: Pick<Call, 'context' | 'caller'>,
  name: string,
): AnyRole | undefined {
  const own = tables.iamRoles.get(roleKey(caller.accountId, name))
  if (own !== undefined) return own
  const lower = name.toLowerCase()
  if (!lower.startsWith('awsreservedsso_')) return undefined
  return listReservedRoles(context.state, caller.accountId, tables).find(
    (role) => role.name.toLowerCase() === lower,
  )
}

function arnOf(role: AnyRole): string {
  return 'permissionSet' in role ? role.arn : roleArn(role)
}

/** A role as lists have it: without its tags. */
export function describeRole(role: AnyRole, tables: Tables): Readonly<Record<string, unknown>> {
  const isReserved = 'permissionSet' in role
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: isReserved ? reservedRoleId(role) : role.id,
    Arn: arnOf(role),
    CreateDate: toIsoSeconds(role.createdAt),
    AssumeRolePolicyDocument: encodePolicy(isReserved ? reservedTrustPolicy(role, tables) : role.trustPolicy),
    Description: isReserved ? role.permissionSet.description : role.description,
    MaxSessionDuration: isReserved ? reservedSessionSeconds : role.maxSessionSeconds,
  }
}

/** A role by itself; without tags it has no member for them. */
export function describeRoleWithTags(role: AnyRole, tables: Tables): Readonly<Record<string, unknown>> {
  const tags = 'permissionSet' in role ? [] : tagList(role.tags)
  return { ...describeRole(role, tables), ...(tags.length > 0 && { Tags: tags }) }
}

function reservedRoleId({ arn, createdAt }: ReservedRole): string {
  return `AROA${stableHex(17, arn, String(createdAt)).toUpperCase()}`
}

/** People come through the SAML provider that Identity Center keeps in the account. */
function reservedTrustPolicy({ accountId }: ReservedRole, tables: Tables): string {
  const providers = tables.samlProviders.by('account', accountId).rows()
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: providers.map(samlProviderArn)[0] },
        Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
        Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
      },
    ],
  })
}
