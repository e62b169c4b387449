/** @module Asks before typed text is left behind: inside the page by a dialog, outside by the browser's own. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useEffect } from 'react'
import { useBlocker } from 'react-router'

interface LeaveGuardProps {
  dirty: boolean
  /** Asked at the very moment: what was just saved may be left. */
  mayLeave: () => boolean
  what: string
  /** Gives the typed text up. */
  onDiscard: () => void
}

export function LeaveGuard({ dirty, mayLeave, what, onDiscard }: LeaveGuardProps) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty && !mayLeave() && currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    if (!dirty) return
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [dirty])
  return (
    <Modal
      opened={blocker.state === 'blocked'}
      onClose={() => blocker.reset?.()}
      title="Leave without saving?"
    >
      <Stack>
        <Text>
          What you changed in {what} is not saved. It stays in this tab until you close or reload it, and is
          there when you come back.
        </Text>
        <Group>
          <Button onClick={() => blocker.reset?.()}>Stay and go on</Button>
          <Button variant="default" onClick={() => blocker.proceed?.()}>
            Leave, keep my text in this tab
          </Button>
          <Button
            variant="default"
            onClick={() => {
              onDiscard()
              blocker.proceed?.()
            }}
          >
            Discard my changes
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
