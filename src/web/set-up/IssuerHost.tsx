/** @module Where AWS reads the keys of a gateway that it cannot reach: a public host, said before a role trusts another. */
import { Button, Stack, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useEditResource } from '../api/edit-resource.js'
import { rights, useRight } from '../api/session.js'
import { findIssuerProblem, pluginEdits } from '../forms/plugin-fields.js'
import { FormError } from '../ui/States.js'

export function IssuerHost({ integration }: { integration: string }) {
  const client = useQueryClient()
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState(false)
  const edit = useEditResource('integration', integration)
  const mayUpdate = useRight(rights.updatePlugins)
  const wrong = findIssuerProblem(typed)
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setAsked(true)
        if (wrong !== undefined) return
        edit.mutate((yaml) => pluginEdits.issuer(yaml, typed), {
          // The script names the issuer: it is made anew.
          onSuccess: () => void client.invalidateQueries({ queryKey: ['set-up-script'] }),
        })
      }}
    >
      <Stack gap="sm" maw={720}>
        <TextInput
          label="Public host of the keys"
          description="Run gatehouse awsic publish-issuer DIR, serve what it writes at this host, and name it here."
          placeholder="https://id.example.com"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value.trim())}
          error={asked ? wrong : undefined}
          autoCapitalize="none"
          spellCheck={false}
        />
        <FormError error={edit.error} />
        <div>
          <Button
            type="submit"
            variant="default"
            loading={edit.isPending}
            disabled={!mayUpdate || typed === ''}
          >
            Use this host
          </Button>
        </div>
      </Stack>
    </form>
  )
}
