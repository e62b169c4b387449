/** @module Table `shelf_item`: favourites and templates of people. */
import type { ShelfItem } from '../../access-request-store.js'

export interface ShelfItemTable {
  user_name: string
  kind: ShelfItem['kind']
  name: string
  document: string
  updated_at: number
}
