/** @module Secrets that were just made: shown this once, and the dialog closes only when its reader says so. */
import { Alert, Button, Modal, Stack } from '@mantine/core'
import type { ChangeAnswer } from '../../api/contract.js'
import { CopyText } from '../ui/CopyText.js'
import { InfoIcon } from '../ui/Icons.js'

export function IssuedSecret({
  changes,
  onClose,
}: {
  changes: readonly Pick<ChangeAnswer, 'kind' | 'name' | 'secret'>[]
  onClose: () => void
}) {
  return (
    <Modal
      opened
      onClose={onClose}
      title="Copy the secret now"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Alert icon={<InfoIcon />} p="sm" role="status">
          It is shown this once, and nobody can read it here again.
        </Alert>
        {changes.map(({ kind, name, secret }) =>
          secret === undefined ? null : (
            <div key={`${kind}/${name}`}>
              <b>{name}</b>
              <CopyText value={secret} name={`secret of ${name}`} />
            </div>
          ),
        )}
        <div>
          <Button onClick={onClose}>I have copied it</Button>
        </div>
      </Stack>
    </Modal>
  )
}
