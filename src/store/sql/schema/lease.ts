/** @module Table `lease`: who may change AWS, and until when. */
export interface LeaseTable {
  name: string
  holder: string
  term: number
  expires_at: number
}
