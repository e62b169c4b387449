/** @module Table `rate_limit`: one counting window for each key. */
export interface RateLimitTable {
  id: string
  hits: number
  window_ends_at: number
}
