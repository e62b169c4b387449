/** @module Asks for a second factor wherever a change by an administrator takes one, and lets the change go on with it. */
import { lazy, Suspense, useEffect, useState } from 'react'
import { onConfirmation } from '../api/client.js'
import type { Confirming } from '../api/use-confirm.js'

// Few changes ask, so that no page waits for it.
const ConfirmCode = lazy(async () => ({ default: (await import('./ConfirmCode.js')).ConfirmCode }))

export function ConfirmChange() {
  const [confirming, setConfirming] = useState<Confirming>()
  useEffect(
    () =>
      onConfirmation(async ({ purpose, subjects, because, needs = 'factor' }) => {
        const from = document.activeElement
        const proof = await new Promise<string | undefined>((settle) => {
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
        setConfirming(undefined)
        return proof
      }),
    [],
  )
  return confirming === undefined ? null : (
    <Suspense>
      <ConfirmCode confirming={confirming} />
    </Suspense>
  )
}
