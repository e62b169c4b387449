/** @module The fields by which a page asks for an account and a permission set in it. */
import { Text } from '@mantine/core'
import { InventoryField } from '../forms/InventoryField.js'

interface PairFieldsProps {
  readonly account: string
  readonly onAccount: (account: string) => void
  readonly permissionSet: string
  readonly onPermissionSet: (permissionSet: string) => void
}

export function PairFields({ account, onAccount, permissionSet, onPermissionSet }: PairFieldsProps) {
  return (
    <>
      <div>
        <Text aria-hidden>Account</Text>
        <InventoryField
          of="account"
          label="Account"
          placeholder="account: name or id"
          value={account}
          onChange={onAccount}
        />
      </div>
      <div>
        <Text aria-hidden>Permission set</Text>
        <InventoryField
          of="permission set"
          label="Permission set"
          placeholder="permission set: any"
          value={permissionSet}
          onChange={onPermissionSet}
        />
      </div>
    </>
  )
}
