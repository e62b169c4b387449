/**
 * @module What a person chooses from when they ask for access, and the event that tells what they looked for by words.
 * Opening it, and its further pages, are no search.
 */
import type { Authority } from '../authority.js'
import type { RequestOrigin, ServiceContext } from '../context.js'
import { record } from '../people/record.js'
import { pickForPerson, type PickerDeps, type PickerInput, type PickerView } from './picker.js'

/** Characters of what was looked for that an event tells. */
const shownWords = 200

/** @throws GatewayError as `pickForPerson`. */
export async function searchPicker(
  deps: PickerDeps & ServiceContext,
  input: PickerInput,
  authority: Authority,
  origin: RequestOrigin,
): Promise<PickerView> {
  const view = await pickForPerson(deps, input, authority)
  const words = input.search?.trim() ?? ''
  if (words === '' || input.cursor !== undefined) return view
  const fields = {
    search_as_roles: [...view.searchAsRoles],
    resource_type: 'aws_ic_account_assignment',
    search_keywords: words.slice(0, shownWords).split(/\s+/),
  }
  const event = { event: 'access_request.search', success: true, user: authority.name, fields } as const
  await deps.store.transaction(async (tx) => await record(deps, tx, event, origin))
  return view
}
