/**
 * @module The answer to "why": the verdict on one person and one thing, the reasons behind it, and each single change
 * that would turn it. Changes are found by trying them on the decision itself, so that none is told that would not
 * work; `application.ts` and `pair.ts` do that. Nothing here decides.
 */
import type { Reason } from '../role/decision.js'
import type { User } from '../user/user.js'

export type ChangeKind =
  'add_role' | 'remove_role' | 'edit_role' | 'edit_application' | 'edit_cluster' | 'remove_lock' | 'prove'

/** One change that by itself turns a refusal into access; or, where there is access, would end it. */
export interface Change {
  readonly kind: ChangeKind
  /** The role that is added, removed or edited. */
  readonly role?: string
  /** One sentence. */
  readonly says: string
  /** The lines to write, for an edit. */
  readonly yaml?: string
}

/** Who is asked about. */
export interface Holder<U = User> {
  readonly user: U
  /**
   * The one role, where the question is what a role does by itself: the user then stands for somebody of whom nothing
   * is known, so that nothing is said of a name or of traits.
   */
  readonly role?: string | undefined
}

/** In sentences. */
export function callHolder({ user, role }: Holder<Pick<User, 'name'>>): string {
  return role === undefined ? user.name : `somebody with role "${role}" alone`
}

export interface Explanation {
  /** A person or machine user; absent where a role by itself is explained. */
  readonly user?: string
  /** The role that is explained by itself. */
  readonly role?: string
  /** Name of the application, or `<permission set> on <account>`. */
  readonly subject: string
  /** `step_up`: allowed as soon as a second factor is given for this very sign-in. */
  readonly effect: 'allow' | 'deny' | 'step_up'
  /** The verdict in one sentence. */
  readonly says: string
  /** What decided comes first. */
  readonly reasons: readonly Reason[]
  readonly changes: readonly Change[]
  /** How many more changes would do it too and are left out for length. Absent: none. */
  readonly moreChanges?: number
}
