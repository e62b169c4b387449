/** @module Table `change_record`: changes of AWS, begun before the call and ended after it; what the guard counts has a kind. */
import type { Generated } from 'kysely'
import type { ChangeRecord } from '../../store.js'

export interface ChangeRecordTable {
  position: Generated<number>
  plugin: string
  id: string
  action_key: string
  action: string
  counted_kind: string | null
  counted: number
  counted_pair: string | null
  begun_at: number
  holder: string
  state: ChangeRecord['state']
  ended_at: number | null
  error: string | null
  remedy: string | null
}
