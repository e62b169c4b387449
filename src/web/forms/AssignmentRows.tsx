/** @module Account assignments of a role: an account and a permission set a row, each an id or a pattern. */
import { ActionIcon, Button, Stack } from '@mantine/core'
import { CrossIcon } from '../ui/Icons.js'
import { InventoryField } from './InventoryField.js'
import type { AssignmentRow } from './role-fields.js'

interface AssignmentRowsProps {
  rows: readonly AssignmentRow[]
  onChange: (at: number, row: AssignmentRow) => void
  onRemove: (at: number) => void
}

export function AssignmentRows({ rows, onChange, onRemove }: AssignmentRowsProps) {
  return (
    <Stack gap="xs">
      {rows.map((row, at) => (
        <div key={at} className="gh-pair-row">
          <div>
            <InventoryField
              of="account"
              label={`Account of assignment ${at + 1}`}
              placeholder="Account: name, id, * or ^pattern$"
              value={row.account}
              onChange={(account) => onChange(at, { ...row, account })}
            />
          </div>
          <div>
            <InventoryField
              of="permission set"
              label={`Permission set of assignment ${at + 1}`}
              placeholder="Permission set: name, ARN, * or ^pattern$"
              value={row.permissionSet}
              onChange={(permissionSet) => onChange(at, { ...row, permissionSet })}
            />
          </div>
          <ActionIcon onClick={() => onRemove(at)} aria-label={`Remove assignment ${at + 1}`} mt={4}>
            <CrossIcon />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => onChange(rows.length, { account: '', permissionSet: '' })}
        >
          Add account assignment
        </Button>
      </div>
    </Stack>
  )
}
