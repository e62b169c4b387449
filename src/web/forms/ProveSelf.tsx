/**
 * @module The proof that a change of one's own second factors needs: a passkey or a code of those that exist, or the
 * password where there is none.
 */
import { Button, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type ReactNode, type SubmitEvent } from 'react'
import type { FactorAnswer, PasskeyAssertion } from '../../api/contract.js'
import { knowsPasskeys, askPasskey } from '../api/passkeys.js'
import { sessionQuery } from '../api/queries.js'
import { apiPaths } from '../path-builder.js'
import { FormError } from '../ui/States.js'
import { CodeField } from './CodeField.js'

export interface Proof {
  readonly password?: string
  readonly code?: string
  readonly passkey?: PasskeyAssertion
}

interface ProveSelfProps {
  factors: readonly FactorAnswer[]
  /** Name of the act, on its button. */
  action: string
  /** Does the act with the proof. */
  onProof: (proof: Proof) => Promise<unknown>
  codeLabel?: string
  color?: string
  /** Beside the button. */
  children?: ReactNode
}

export function ProveSelf({ factors, action, onProof, codeLabel = 'Code', color, children }: ProveSelfProps) {
  const [typed, setTyped] = useState('')
  const connector = useQuery(sessionQuery).data?.connector
  const isFirst = factors.length === 0
  // Whoever came through a connector has no password here: a sign-in of a moment ago is the proof.
  const byConnector = isFirst && connector !== undefined
  const first = isFirst && !byConnector
  const hasCode = factors.some(({ kind }) => kind === 'totp')
  const hasPasskey = factors.some(({ kind }) => kind === 'passkey') && knowsPasskeys
  const act = useMutation({ mutationFn: onProof, onError: () => setTyped('') })
  const withPasskey = useMutation({
    mutationFn: async () => await onProof({ passkey: await askPasskey(apiPaths.mePasskeyAsk()) }),
  })
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    withPasskey.reset()
    act.mutate(byConnector ? {} : first ? { password: typed } : { code: typed })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md" align="flex-start">
        <FormError error={act.error ?? withPasskey.error} />
        {hasPasskey ? (
          <Button
            variant={hasCode ? 'default' : 'filled'}
            {...(color !== undefined && !hasCode && { color })}
            loading={withPasskey.isPending}
            onClick={() => {
              act.reset()
              withPasskey.mutate()
            }}
          >
            {action} with a passkey
          </Button>
        ) : null}
        {hasPasskey && hasCode ? <Text>Or type a code:</Text> : null}
        {first ? (
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            required
            withAsterisk={false}
            data-autofocus
            w="100%"
            maw={360}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          />
        ) : byConnector ? (
          <Text>
            You sign in through {connector} and have no password here. This works within five minutes of
            signing in.
          </Text>
        ) : hasCode ? (
          <CodeField
            value={typed}
            onChange={setTyped}
            label={codeLabel}
            description="Six digits from an app that is set up already."
          />
        ) : hasPasskey ? null : (
          <Text>
            Your passkey is needed for this, and this browser knows none. Use another browser or device.
          </Text>
        )}
        {first || byConnector || hasCode ? (
          <Button
            type="submit"
            {...(color !== undefined && { color })}
            loading={act.isPending}
            disabled={byConnector ? false : first ? typed === '' : typed.length !== 6}
          >
            {action}
          </Button>
        ) : null}
        {children}
      </Stack>
    </form>
  )
}
