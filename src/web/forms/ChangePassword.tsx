/** @module Changes the own password; the present one is asked, as an open screen must not be enough. */
import { Alert, Button, PasswordInput, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { sendJson } from '../api/client.js'
import { meQuery } from '../api/queries.js'
import { renewSession } from '../api/session.js'
import { apiPaths } from '../path-builder.js'
import { CheckIcon } from '../ui/Icons.js'
import { FormError } from '../ui/States.js'
import { NewPassword } from './NewPassword.js'

export function ChangePassword({ user }: { user: string }) {
  const [open, setOpen] = useState(false)
  const [changed, setChanged] = useState(false)
  if (open) {
    return (
      <PasswordForm
        user={user}
        onDone={(success) => {
          setOpen(false)
          setChanged(success)
        }}
      />
    )
  }
  return (
    <Stack gap="sm" align="flex-start">
      {changed ? (
        <Alert color="green" icon={<CheckIcon />} role="status" p="sm">
          Your password is changed.
        </Alert>
      ) : null}
      <Button variant="default" onClick={() => setOpen(true)}>
        Change password
      </Button>
    </Stack>
  )
}

function PasswordForm({ user, onDone }: { user: string; onDone: (success: boolean) => void }) {
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [repeated, setRepeated] = useState('')
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: () => sendJson<unknown>('POST', apiPaths.mePassword(), { current, new: password }),
    onSuccess: async () => {
      onDone(true)
      await renewSession()
      await client.invalidateQueries({ queryKey: meQuery.queryKey })
    },
  })
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    change.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md" maw={420}>
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          required
          withAsterisk={false}
          autoFocus
          visibilityToggleButtonProps={{ 'aria-label': 'Show the present password' }}
        />
        <NewPassword
          user={user}
          value={password}
          repeated={repeated}
          onChange={setPassword}
          onRepeat={setRepeated}
        />
        <FormError error={change.error} />
        <div style={{ display: 'flex', gap: 12 }}>
          <Button
            type="submit"
            loading={change.isPending}
            disabled={current === '' || password === '' || password !== repeated}
          >
            Change password
          </Button>
          <Button variant="default" onClick={() => onDone(false)}>
            Cancel
          </Button>
        </div>
      </Stack>
    </form>
  )
}
