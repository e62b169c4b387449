/**
 * @module What becomes of account assignments whose principal is deleted.
 */
import type { EmulatorContext } from '../context.js'
import { removeAssignment } from '../sso-admin/assignments/materialise.js'

/**
 * Drops the assignments of a principal that is being deleted, where the setting `staleAssignments` says so. With the
 * last assignment of a permission set in an account its provisioned role goes too.
 */
export function releaseAssignments(context: EmulatorContext, principalId: string): void {
  if (context.settings.staleAssignments === 'keep') return
  for (const assignment of context.state.tables.assignments.by('principal', principalId).rows()) {
    removeAssignment(context, assignment)
  }
}
