/** @module Asks for a second factor wherever a change by an administrator takes one, and lets the change go on with it. */
import { lazy, Suspense, useEffect, useState } from 'react'
import { onConfirmation } from '../api/client.js'
import { useLastFocus, type Confirming } from '../api/use-confirm.js'

// Few changes ask, so that no page waits for it.
const ConfirmCode = lazy(async () => ({ default: (await import('./ConfirmCode.js')).ConfirmCode }))

/** Of the question that is open. */
let leave: (() => void) | undefined

// Dialogs listen at the window, each for itself: the one with the form under the question would close with it, and what was
// typed there be lost. This module is loaded before any of them opens, so that it hears the key first.
window.addEventListener(
  'keydown',
  (event) => {
    if (leave === undefined || event.key !== 'Escape' || event.isComposing) return
    event.stopImmediatePropagation()
    leave()
  },
  true,
)

export function ConfirmChange() {
  const [confirming, setConfirming] = useState<Confirming>()
  const focused = useLastFocus()
  useEffect(
    () =>
      onConfirmation(async ({ purpose, subjects, because, needs = 'factor' }) => {
        const from = focused.current
        const proof = await new Promise<string | undefined>((settle) => {
          leave = () => settle(undefined)
          setConfirming({
            purpose,
            subject: subjects[0] ?? '',
            together: subjects,
            says: 'Your change waits until you confirm it. It is good for this change alone.',
            act: 'Confirm the change',
            because,
            needs,
            from,
            settle,
          })
        })
        leave = undefined
        setConfirming(undefined)
        return proof
      }),
    [focused],
  )
  return confirming === undefined ? null : (
    <Suspense>
      <ConfirmCode confirming={confirming} />
    </Suspense>
  )
}
