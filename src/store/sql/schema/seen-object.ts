/** @module Table `seen_object`: one thing of AWS as it was last seen, as JSON. */
import type { SeenKind } from '../../store.js'

export interface SeenObjectTable {
  plugin: string
  kind: SeenKind
  id: string
  document: string
  seen_at: number
}
