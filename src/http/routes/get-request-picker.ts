/** @module `GET /v1/me/request-picker`: accounts with what one has there, may ask for, or may not, and why. */
import { pickerAnswer, pickerQuery, type PickerAnswer } from '../../api/contract/access-requests.js'
import { paths } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import type { PickedSetView } from '../../service/access-requests/picker.js'
import { searchPicker } from '../../service/access-requests/search-picker.js'
import { authorityOf, personOf } from '../person.js'
import { json, route } from '../route.js'

export const getRequestPicker = route({
  method: 'get',
  path: paths.mePicker,
  right: 'session',
  summary: 'AWS accounts with what one has there, may ask for, or may not, and why',
  answer: { kind: 'json', schema: pickerAnswer },
  query: pickerQuery,
  handler: async ({ deps, query: { search, cursor, limit, show }, actor, origin }) => {
    personOf(actor)
    const { items, next, total, portals } = await searchPicker(
      deps,
      { show, search, cursor, limit },
      authorityOf(actor),
      origin,
    )
    const answer: PickerAnswer = {
      items: items.map(({ account, permissionSets }) => ({
        account: {
          id: account.id,
          name: account.name,
          ...(account.ouPath !== undefined && { ouPath: account.ouPath }),
          tags: { ...account.tags },
        },
        permissionSets: permissionSets.map(toSet),
      })),
      ...(next !== undefined && { nextCursor: next }),
      total: { ...total },
      portals: portals.map(({ instanceArn, portal, region }) => ({
        instance: instanceArn.slice(instanceArn.lastIndexOf('/') + 1),
        startUrl: portal,
        region,
      })),
    }
    return json(answer)
  },
})

function toSet({
  permissionSet: { arn, name, description },
  state,
  says,
  until,
  portalUrl,
}: PickedSetView): PickerAnswer['items'][number]['permissionSets'][number] {
  return {
    arn,
    name,
    ...(description !== undefined && { description }),
    state,
    says,
    ...(until !== undefined && { until: formatInstant(until) }),
    ...(portalUrl !== undefined && { portalUrl }),
  }
}
