/**
 * @module What a change of the directory comes to. A refusal is a value: each edge renders it in the words of its
 * protocol.
 */

export type DirectoryProblem =
  | {
      readonly kind: 'duplicate'
      /** `displayName` is that of a group; users may share theirs. */
      readonly attribute: 'userName' | 'email' | 'externalId' | 'displayName'
    }
  | {
      readonly kind: 'absent'
      readonly resource: 'user' | 'group' | 'membership'
      readonly id: string
    }
  | {
      readonly kind: 'member-present' | 'member-absent'
      readonly groupId: string
      readonly userId: string
    }
  | { readonly kind: 'reserved-name'; readonly name: string }
  | { readonly kind: 'quota'; readonly resource: 'users' | 'groups'; readonly limit: number }

export type DirectoryResult<Row> =
  { readonly ok: true; readonly row: Row } | { readonly ok: false; readonly problem: DirectoryProblem }

export function done<Row>(row: Row): DirectoryResult<Row> {
  return { ok: true, row }
}

export function refused(problem: DirectoryProblem): {
  readonly ok: false
  readonly problem: DirectoryProblem
} {
  return { ok: false, problem }
}
