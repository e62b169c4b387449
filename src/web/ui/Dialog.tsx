/**
 * @module A dialog that is there while it is open. When it goes, the focus is back where it was, so that whoever works by
 * keyboard goes on at the same place.
 */
import { Modal, type ModalProps } from '@mantine/core'
import { useEffect, useRef } from 'react'

interface DialogProps extends Omit<ModalProps, 'opened'> {
  /** Where the focus goes afterwards, where that is not what has it now. */
  returnTo?: Element | null | undefined
}

export function Dialog({ returnTo, ...props }: DialogProps) {
  return (
    <>
      <FocusKeeper returnTo={returnTo} />
      <Modal opened {...props} />
    </>
  )
}

/** Stands before the dialog: it sees what has the focus before the dialog takes it. */
function FocusKeeper({ returnTo }: Pick<DialogProps, 'returnTo'>) {
  const to = useRef(returnTo)
  useEffect(() => {
    const from = to.current ?? document.activeElement
    return () => {
      const now = document.activeElement
      const isTaken = now !== null && now !== document.body && now.closest('[role="dialog"]') === null
      if (!isTaken && from instanceof HTMLElement && from.isConnected) giveFocus(from)
    }
  }, [])
  return null
}

/** A button that waits for an answer is out of reach until that is there. */
function giveFocus(to: HTMLElement): void {
  if (!to.matches(':disabled')) {
    to.focus({ preventScroll: true })
    return
  }
  const observer = new MutationObserver(() => {
    if (to.matches(':disabled')) return
    observer.disconnect()
    if (document.activeElement === null || document.activeElement === document.body)
      to.focus({ preventScroll: true })
  })
  observer.observe(to, { attributes: true, attributeFilter: ['disabled'] })
}
