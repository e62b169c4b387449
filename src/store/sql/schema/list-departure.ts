/** @module Table `list_departure`: until when somebody was in an access list who was taken out of it since. */

export interface ListDepartureTable {
  list_name: string
  left_at: number
}
