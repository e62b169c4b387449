/**
 * @module Asks for a second factor before a change, a passkey or a code: what one is about to do, who wants it confirmed,
 * and nothing else.
 */
import { Alert, Anchor, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { isProblem } from '../api/client.js'
import { askPasskey } from '../api/passkeys.js'
import { meQuery } from '../api/queries.js'
import { proveMfa, type Confirming } from '../api/use-confirm.js'
import { CodeField } from '../forms/CodeField.js'
import { PasskeyButton } from '../forms/PasskeyButton.js'
import { apiPaths, pagePaths } from '../path-builder.js'
import { Dialog } from '../ui/Dialog.js'
import { InfoIcon } from '../ui/Icons.js'
import { FormError } from '../ui/States.js'

export function ConfirmCode({ confirming }: { confirming: Confirming | undefined }) {
  return confirming === undefined ? null : <AskFactor confirming={confirming} />
}

function AskFactor({ confirming }: { confirming: Confirming }) {
  const { purpose, together, says, act, because, needs, from, settle } = confirming
  const about = { purpose, subjects: [...together], needs }
  const [code, setCode] = useState('')
  const me = useQuery(meQuery)
  const withCode = useMutation({
    mutationFn: () => proveMfa({ ...about, code }),
    onSuccess: ({ proof }) => settle(proof),
    onError: () => setCode(''),
  })
  const withPasskey = useMutation({
    mutationFn: async () =>
      await proveMfa({ ...about, passkey: await askPasskey(apiPaths.mfaProofsStart(), about) }),
    onSuccess: ({ proof }) => settle(proof),
  })
  const error = withCode.error ?? withPasskey.error
  const leave = () => settle(undefined)
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    // A dialog stands in the page's tree within the form that opened it.
    event.stopPropagation()
    withPasskey.reset()
    withCode.mutate()
  }
  const has = (kind: 'totp' | 'passkey') =>
    me.data === undefined || me.data.factors.some((one) => one.kind === kind && one.usable)
  const hasPasskey = has('passkey')
  const takesCode = needs === 'factor' && has('totp')
  // One is not added here: whoever has only the session could add their own.
  const hasNone = isProblem(error, 'SECOND_FACTOR_MISSING') || (!hasPasskey && !takesCode)
  return (
    <Dialog onClose={leave} title="Confirm it is you" returnTo={from}>
      <form onSubmit={submit}>
        <Stack>
          <Text>{says}</Text>
          <Alert icon={<InfoIcon />} p="sm" role="note">
            {because}
          </Alert>
          <FormError error={error} />
          {hasNone ? (
            <Text>
              You have no second factor that counts here.{' '}
              <Anchor href={pagePaths.settings()} target="_blank" rel="noopener">
                Add a second factor in My settings (opens a new tab)
              </Anchor>
            </Text>
          ) : null}
          {me.isPending ? (
            <Skeleton h={36} role="status" aria-label="Loading" />
          ) : (
            <>
              {hasPasskey ? (
                <PasskeyButton
                  label={needs === 'factor' ? `${act} with a passkey` : `${act} with your hardware key`}
                  loading={withPasskey.isPending}
                  onClick={() => {
                    withCode.reset()
                    withPasskey.mutate()
                  }}
                />
              ) : null}
              {takesCode ? <CodeField value={code} onChange={setCode} autoFocus={!hasPasskey} /> : null}
            </>
          )}
          <Group>
            {takesCode && !me.isPending ? (
              <Button
                type="submit"
                variant={hasPasskey ? 'default' : 'filled'}
                loading={withCode.isPending}
                disabled={code.length !== 6}
              >
                {act}
              </Button>
            ) : null}
            <Button variant="default" onClick={leave}>
              Go back
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
