/** @module Adds a passkey: a name, proof of who is here, then the browser makes it. */
import { Stack, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { FactorAnswer, PasskeyCreationOptions } from '../../api/contract.js'
import { sendJson } from '../api/client.js'
import { makePasskey } from '../api/passkeys.js'
import { meQuery } from '../api/queries.js'
import { apiPaths } from '../path-builder.js'
import { ProveSelf } from './ProveSelf.js'

export function AddPasskey({ factors, onDone }: { factors: readonly FactorAnswer[]; onDone: () => void }) {
  const [label, setLabel] = useState('Passkey')
  const client = useQueryClient()
  return (
    <Stack gap="md">
      <Text>
        Your device asks for your PIN, finger or face, and keeps the passkey. Nobody can be made to tell it.
      </Text>
      <TextInput
        label="Name"
        description="To tell it from others, such as “Laptop”."
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
        maxLength={60}
        required
        withAsterisk={false}
        w={280}
      />
      <ProveSelf
        factors={factors}
        action="Make the passkey"
        codeLabel="Code from a factor you have"
        onProof={async (proof) => {
          const passkey = await makePasskey(() =>
            sendJson<PasskeyCreationOptions>('POST', apiPaths.mePasskeyStart(), proof),
          )
          await sendJson('POST', apiPaths.mePasskeys(), { label: label.trim() || 'Passkey', passkey })
          await client.invalidateQueries({ queryKey: meQuery.queryKey })
          onDone()
        }}
      />
    </Stack>
  )
}
