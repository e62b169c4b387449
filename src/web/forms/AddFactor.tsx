/** @module Adds an authenticator app: proof of who is here, then the seed, then its first code. */
import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import type { FactorAnswer, FactorStartAnswer } from '../../api/contract.js'
import { sendJson } from '../api/client.js'
import { meQuery } from '../api/queries.js'
import { TotpSeed } from '../components/TotpSeed.js'
import { apiPaths } from '../path-builder.js'
import { FormError } from '../ui/States.js'
import { CodeField } from './CodeField.js'
import { ProveSelf } from './ProveSelf.js'

export function AddFactor({ factors, onDone }: { factors: readonly FactorAnswer[]; onDone: () => void }) {
  const [seed, setSeed] = useState<FactorStartAnswer | undefined>()
  if (seed) return <FirstCode seed={seed} onDone={onDone} />
  return (
    <Stack gap="md">
      <Text>First confirm that it is you.</Text>
      <ProveSelf
        factors={factors}
        action="Show the code to scan"
        codeLabel="Code from a factor you have"
        onProof={async (proof) =>
          setSeed(await sendJson<FactorStartAnswer>('POST', apiPaths.meFactorStart(), proof))
        }
      />
    </Stack>
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
