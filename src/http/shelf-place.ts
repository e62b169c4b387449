/** @module Which favourite or template the path of a request names. */
import { shelfKind } from '../api/contract/access-requests.js'
import { GatewayError } from '../core/error.js'
import type { ShelfItem } from '../store/store.js'

/** Longest name of a favourite or template. */
const maxLength = 300

/** @throws GatewayError `NOT_FOUND` for another kind, `INVALID_INPUT` for a name that is empty or too long. */
export function shelfPlace(params: Readonly<Record<string, string>>): Pick<ShelfItem, 'kind' | 'name'> {
  const kind = shelfKind.safeParse(params['kind']).data
  const name = params['name'] ?? ''
  if (kind === undefined) {
    throw new GatewayError(
      'NOT_FOUND',
      'only favourites and templates are kept: favourite/NAME or template/NAME',
    )
  }
  if (name.trim() === '' || name.length > maxLength) {
    throw new GatewayError('INVALID_INPUT', `the name must have 1 to ${maxLength} characters`)
  }
  return { kind, name }
}
