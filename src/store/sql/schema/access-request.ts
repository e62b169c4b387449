/** @module Table `access_request`: one document each, with what it is found by beside it. */
import type { Generated } from 'kysely'
import type { RequestState } from '../../../core/access-request/access-request.js'

export interface AccessRequestTable {
  position: Generated<number>
  id: string
  user_name: string
  state: RequestState
  revision: number
  /** When time alone changes it next. */
  due_at: number | null
  ends_at: number | null
  /** All of it as JSON, but for its revision. */
  document: string
}
