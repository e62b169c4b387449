/** @module Locks a person from their own page: the form of every lock, with the name settled. */
import { Modal } from '@mantine/core'
import { LockForm } from './LockForm.js'

export function LockUser({ user, opened, onClose }: { user: string; opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Lock ${user}?`} size="lg">
      {opened ? <LockForm user={user} onClose={onClose} /> : null}
    </Modal>
  )
}
