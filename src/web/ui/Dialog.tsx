/**
 * @module A dialog that is there while it is open. When it goes, the focus is back where it was, so that whoever works by
 * keyboard goes on at the same place.
 */
import { Modal, type ModalProps } from '@mantine/core'
import { useEffect } from 'react'

type DialogProps = Omit<ModalProps, 'opened'>

export function Dialog(props: DialogProps) {
  return (
    <>
      <FocusKeeper />
      <Modal opened {...props} />
    </>
  )
}

/** Stands before the dialog: it sees what has the focus before the dialog takes it. */
function FocusKeeper() {
  useEffect(() => {
    const from = document.activeElement
    return () => {
      const now = document.activeElement
      const isTaken = now !== null && now !== document.body && now.closest('[role="dialog"]') === null
      if (!isTaken && from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true })
    }
  }, [])
  return null
}
