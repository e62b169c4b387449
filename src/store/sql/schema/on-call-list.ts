/** @module Table `on_call_list`: who is on call, as programs told. */
export interface OnCallListTable {
  name: string
  /** JSON list of names. */
  users: string
  until_at: number | null
  updated_at: number
  updated_by: string
}
