/** @module Keeps what is in the basket under a name, for the next time. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { forgetRequests, putOnShelf, shelfQuery } from '../api/access-requests.js'
import { FormError } from '../ui/States.js'
import type { Basket } from './basket.js'

export function SaveTemplate({ basket: { items, reason, duration } }: { basket: Basket }) {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const name = typed.trim()
  const shelf = useQuery(shelfQuery)
  const exists = shelf.data?.items.some((one) => one.kind === 'template' && one.name === name) ?? false
  const save = useMutation({
    mutationFn: () =>
      putOnShelf('template', name, {
        items: items.map(({ input }) => input),
        reason,
        ...(duration !== undefined && { duration }),
      }),
    onSuccess: () => {
      forgetRequests()
      setOpen(false)
      setTyped('')
    },
  })
  return (
    <>
      <Button variant="subtle" color="gray" onClick={() => setOpen(true)}>
        Save as template …
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title="Save as template">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            event.stopPropagation()
            if (name !== '') save.mutate()
          }}
        >
          <Stack>
            <Text>Keeps the items, the reason and the duration for you alone.</Text>
            <TextInput
              label="Name"
              maxLength={100}
              data-autofocus
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <FormError error={save.error} />
            <Group>
              <Button type="submit" disabled={name === ''} loading={save.isPending}>
                {exists ? `Replace ${name}` : `Save ${name}`}
              </Button>
              <Button variant="default" onClick={() => setOpen(false)}>
                Cancel
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  )
}
