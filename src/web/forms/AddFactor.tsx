/** @module Adds an authenticator app: proof of who is here, then the seed, then its first code. */
import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import type { FactorStartAnswer } from '../../api/contract.js'
import { sendJson } from '../api/client.js'
import { meQuery } from '../api/queries.js'
import { TotpSeed } from '../components/TotpSeed.js'
import { apiPaths } from '../path-builder.js'
import { FormError } from '../ui/States.js'
import { CodeField } from './CodeField.js'

export function AddFactor({ hasFactor, onDone }: { hasFactor: boolean; onDone: () => void }) {
  const [proof, setProof] = useState('')
  const start = useMutation({
    mutationFn: () =>
      sendJson<FactorStartAnswer>(
        'POST',
        apiPaths.meFactorStart(),
        hasFactor ? { code: proof } : { password: proof },
      ),
    onError: () => setProof(''),
  })
  if (start.data) return <FirstCode seed={start.data} onDone={onDone} />
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    start.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md" align="flex-start">
        <Text>First confirm that it is you.</Text>
        {hasFactor ? (
          <CodeField
            value={proof}
            onChange={setProof}
            label="Code from a factor you have"
            description="Six digits from the app that is set up already."
            autoFocus
          />
        ) : (
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            value={proof}
            onChange={(event) => setProof(event.currentTarget.value)}
            required
            withAsterisk={false}
            data-autofocus
            w="100%"
            maw={360}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          />
        )}
        <FormError error={start.error} />
        <Button
          type="submit"
          loading={start.isPending}
          disabled={hasFactor ? proof.length !== 6 : proof === ''}
        >
          Show the code to scan
        </Button>
      </Stack>
    </form>
  )
}

function FirstCode({ seed, onDone }: { seed: FactorStartAnswer; onDone: () => void }) {
  const [label, setLabel] = useState('Authenticator app')
  const [code, setCode] = useState('')
  const client = useQueryClient()
  const add = useMutation({
    mutationFn: () =>
      sendJson<unknown>('POST', apiPaths.meFactors(), { ticket: seed.ticket, label: label.trim(), code }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: meQuery.queryKey })
      onDone()
    },
    onError: () => setCode(''),
  })
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    add.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md" align="flex-start">
        <TotpSeed uri={seed.uri} secret={seed.secret} />
        <TextInput
          label="Name"
          description="To tell it from others, such as “Phone”."
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          maxLength={60}
          required
          withAsterisk={false}
          w={280}
        />
        <CodeField
          value={code}
          onChange={setCode}
          label="Code from the app"
          description="The six digits it shows now."
        />
        <FormError error={add.error} />
        <Button type="submit" loading={add.isPending} disabled={code.length !== 6 || label.trim() === ''}>
          Add {label.trim() || 'factor'}
        </Button>
      </Stack>
    </form>
  )
}
