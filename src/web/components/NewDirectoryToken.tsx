/** @module A new SCIM token for the directory of a connector, and its secret, shown this once with where it goes. */
import { Alert, Button, Chip, Group, Input, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AddDirectoryTokenAnswer } from '../../api/contract.js'
import { addDirectoryToken } from '../api/directories.js'
import { CopyText } from '../ui/CopyText.js'
import { Dialog } from '../ui/Dialog.js'
import { WarningIcon } from '../ui/Icons.js'
import { FormError } from '../ui/States.js'

const lifetimes = [
  { value: '90', label: '90 days' },
  { value: '180', label: '180 days' },
  { value: '365', label: '1 year' },
]

interface NewDirectoryTokenProps {
  connector: string
  onClose: () => void
  onMade: (made: AddDirectoryTokenAnswer) => void
}

export function NewDirectoryToken({ connector, onClose, onMade }: NewDirectoryTokenProps) {
  const [label, setLabel] = useState('')
  const [days, setDays] = useState('365')
  const client = useQueryClient()
  const add = useMutation({
    mutationFn: () => addDirectoryToken(connector, { label: label.trim(), days: Number(days) }),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['directory', connector] })
      onMade(made)
    },
  })
  return (
    <Dialog onClose={onClose} title={`New SCIM token of ${connector}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          add.mutate()
        }}
      >
        <Stack>
          <TextInput
            data-autofocus
            label="Label (optional)"
            description="What uses it, such as Okta provisioning."
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            maxLength={200}
          />
          <Input.Wrapper label="Good for" labelElement="div" role="radiogroup" aria-label="Good for">
            <Chip.Group value={days} onChange={setDays}>
              <Group gap={6} mt={4}>
                {lifetimes.map(({ value, label: words }) => (
                  <Chip key={value} value={value} size="sm" variant="outline">
                    {words}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          </Input.Wrapper>
          <Text size="sm" c="dimmed">
            Other tokens stay good, so that the provider can be moved to the new one first.
          </Text>
          <FormError error={add.error} />
          <Group>
            <Button type="submit" loading={add.isPending}>
              Create token
            </Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

export function DirectorySecret({ made, onClose }: { made: AddDirectoryTokenAnswer; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title="Give these to the provider"
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Alert icon={<WarningIcon />} color="amber" p="sm" role="status">
          Copy the token now: it is shown this once. The gateway keeps only a hash of it.
        </Alert>
        <div>
          <Text fw={600} size="sm">
            Token
          </Text>
          <div className="gh-secret">
            <CopyText value={made.secret} name="token" />
          </div>
        </div>
        <div>
          <Text fw={600} size="sm">
            Base URL
          </Text>
          <div className="gh-secret">
            <CopyText value={made.baseUrl} name="base URL" />
          </div>
        </div>
        <div>
          <Button onClick={onClose}>I have copied it</Button>
        </div>
      </Stack>
    </Modal>
  )
}
