/** @module Where a search for access finds nothing: which account and permission set it is about, to tell why not. */
import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import type { AccessOf } from '../api/access.js'
import { InventoryField } from '../forms/InventoryField.js'

interface WhyNotProps {
  of: AccessOf
  /** Both as they were chosen or typed: an id or name, and an ARN or name. */
  onWhy: (asked: { account: string; permissionSet: string }) => void
}

export function WhyNot({ of, onWhy }: WhyNotProps) {
  const [asking, setAsking] = useState(false)
  const [account, setAccount] = useState('')
  const [permissionSet, setPermissionSet] = useState('')
  const complete = account.trim() !== '' && permissionSet.trim() !== ''
  return (
    <section aria-label="Why not?" className="gh-panel gh-part">
      <Group gap="sm">
        <Text style={{ overflowWrap: 'anywhere' }}>
          {`Should ${of.name} ${of.kind === 'user' ? 'reach' : 'give'} an account that is not here?`}
        </Text>
        {asking ? null : (
          <Button variant="default" size="xs" onClick={() => setAsking(true)}>
            Why not?
          </Button>
        )}
      </Group>
      {asking ? (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (complete) onWhy({ account: account.trim(), permissionSet: permissionSet.trim() })
          }}
        >
          <div className="gh-fields" style={{ marginTop: 12 }}>
            <InventoryField
              of="account"
              label="Account"
              placeholder="account: name or id"
              value={account}
              onChange={setAccount}
            />
            <InventoryField
              of="permission set"
              label="Permission set"
              placeholder="permission set: name or ARN"
              value={permissionSet}
              onChange={setPermissionSet}
            />
          </div>
          <Button type="submit" size="xs" mt="sm" disabled={!complete}>
            Explain
          </Button>
        </form>
      ) : null}
    </section>
  )
}
