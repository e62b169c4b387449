/**
 * @module What assignments make of accounts: the role of a permission set comes with its first assignment, with the
 * SAML provider where the account has none yet, and goes with the last. A role that comes again has a new suffix.
 */
import type { EmulatorContext } from '../../context.js'
import { pairKey, tripleKey, type AssignmentTriple } from '../../state/assignment.js'
import type { SamlProvider } from '../../state/iam.js'
import type { PermissionSet, ProvisionedSet } from '../../state/permission-set.js'

/** The 16 hex digits at the end of a role that is made now. */
export function newRoleSuffix(context: EmulatorContext): string {
  return context.random.bytes(8).toString('hex')
}

/** The SAML provider that Identity Center made in an account. */
export function findSamlProvider(context: EmulatorContext, accountId: string): SamlProvider | undefined {
  const all = context.state.tables.samlProviders.by('account', accountId).rows()
  return all.find(({ name }) => name.startsWith('AWSSSO_'))
}

/**
 * Brings `version` of a permission set to an account; makes role and SAML provider where they are missing.
 * `roleSuffix` is that of a role that has to be made.
 */
export function provision(
  context: EmulatorContext,
  accountId: string,
  { arn, version }: Pick<PermissionSet, 'arn' | 'version'>,
  roleSuffix?: string,
): void {
  const createdAt = context.clock.now()
  const known = context.state.tables.provisionedSets.get(pairKey(accountId, arn))
  if (known?.version === version) return
  if (findSamlProvider(context, accountId) === undefined) {
    const name = `AWSSSO_${context.random.bytes(8).toString('hex')}_DO_NOT_DELETE`
    const uuid = context.random.bytes(13).toString('hex').toUpperCase()
    context.commit({ table: 'samlProviders', put: { accountId, name, uuid, createdAt } })
  }
  const put: ProvisionedSet =
    known === undefined
      ? {
          accountId,
          permissionSetArn: arn,
          version,
          roleSuffix: roleSuffix ?? newRoleSuffix(context),
          createdAt,
        }
      : { ...known, version }
  context.commit({ table: 'provisionedSets', put })
}

/** Makes an assignment, and the role where it is the first; one that is there stays as it is. */
export function addAssignment(
  context: EmulatorContext,
  triple: AssignmentTriple,
  permissionSet: PermissionSet,
  roleSuffix?: string,
): void {
  provision(context, triple.accountId, permissionSet, roleSuffix)
  if (context.state.tables.assignments.has(tripleKey(triple))) return
  const { principalType, principalId, accountId, permissionSetArn } = triple
  const createdAt = context.clock.now()
  context.commit({
    table: 'assignments',
    put: { principalType, principalId, accountId, permissionSetArn, createdAt },
  })
}

/** Removes an assignment, and the role where it was the last; does nothing where there is none. */
export function removeAssignment(context: EmulatorContext, triple: AssignmentTriple): void {
  const { tables } = context.state
  if (!tables.assignments.has(tripleKey(triple))) return
  context.commit({ table: 'assignments', delete: tripleKey(triple) })
  const pair = pairKey(triple.accountId, triple.permissionSetArn)
  if (tables.assignments.by('pair', pair).size === 0) {
    context.commit({ table: 'provisionedSets', delete: pair })
  }
}
