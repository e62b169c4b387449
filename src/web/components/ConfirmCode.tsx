/** @module Asks for a code before a change: what one is about to do, who wants it confirmed, and nothing else. */
import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { isProblem } from '../api/client.js'
import { proveMfa, type Confirming } from '../api/use-confirm.js'
import { CodeField } from '../forms/CodeField.js'
import { pagePaths } from '../path-builder.js'
import { Dialog } from '../ui/Dialog.js'
import { InfoIcon } from '../ui/Icons.js'
import { FormError } from '../ui/States.js'

export function ConfirmCode({ confirming }: { confirming: Confirming | undefined }) {
  return confirming === undefined ? null : <AskCode confirming={confirming} />
}

function AskCode({ confirming }: { confirming: Confirming }) {
  const { purpose, together, says, act, because, from, settle } = confirming
  const [code, setCode] = useState('')
  const prove = useMutation({
    mutationFn: () => proveMfa({ purpose, subjects: [...together], code }),
    onSuccess: ({ proof }) => settle(proof),
    onError: () => setCode(''),
  })
  const leave = () => settle(undefined)
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    // A dialog stands in the page's tree within the form that opened it.
    event.stopPropagation()
    prove.mutate()
  }
  // One is not added here: whoever has only the session could add their own.
  const hasNone = isProblem(prove.error, 'SECOND_FACTOR_MISSING')
  return (
    <Dialog onClose={leave} title="Confirm with your code" returnTo={from}>
      <form onSubmit={submit}>
        <Stack>
          <Text>{says}</Text>
          <Alert icon={<InfoIcon />} p="sm" role="note">
            {because}
          </Alert>
          <FormError error={prove.error} />
          {hasNone ? (
            <Anchor href={pagePaths.settings()} target="_blank" rel="noopener">
              Add a second factor in My settings (opens a new tab)
            </Anchor>
          ) : null}
          <CodeField value={code} onChange={setCode} autoFocus />
          <Group>
            <Button type="submit" loading={prove.isPending} disabled={code.length !== 6}>
              {act}
            </Button>
            <Button variant="default" onClick={leave}>
              Go back
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
