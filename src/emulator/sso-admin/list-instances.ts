/**
 * @module ListInstances: the one instance of the organisation.
 *
 * AWS says only that it lists what was made in the caller's account or is visible to it. Here a member account sees
 * nothing, as it may do nothing with the instance either.
 */
import { defineOperation } from '../aws/operation.js'
import { structure } from '../aws/shape.js'
import type { RowList } from '../state/table.js'
import { isAdministrator } from './callers.js'
import { describeInstanceRow } from './instance-output.js'
import { listPage } from './list-page.js'
import { paging } from './shapes.js'

export const listInstances = defineOperation({
  name: 'ListInstances',
  access: 'read',
  action: 'sso:ListInstances',
  input: structure(paging),
  handle(input, call) {
    const { context } = call
    const rows = isAdministrator(call) ? only(context.state.instance.instanceArn) : none
    const page = listPage(context, { rows, input, of: ['ListInstances'] })
    return { Instances: page.rows.map(() => describeInstanceRow(context)), NextToken: page.nextToken }
  },
})

const none: RowList<string> = { size: 0, after: () => [], rows: () => [] }

function only(row: string): RowList<string> {
  return {
    size: 1,
    after: (seq, limit) => (seq < 0 && limit > 0 ? [{ key: row, seq: 0, row }] : []),
    rows: () => [row],
  }
}
