/**
 * @module Decisions that may take a second factor: it is asked for where that is known, or where the server says so,
 * and what a failed decision did not spend is used for the next one. `components/ConfirmCode.tsx` is the dialog.
 */
import { useEffect, useRef, useState } from 'react'
import type { MfaProofAnswer, MfaProofRequest } from '../../api/contract/mfa.js'
import { proofLifetimeMs } from '../../core/mfa/proof.js'
import { apiPaths } from '../path-builder.js'
import { isProblem, sendJson } from './client.js'

export function proveMfa(input: MfaProofRequest): Promise<MfaProofAnswer> {
  return sendJson('POST', apiPaths.mfaProofs(), input)
}

/** `factor`: a code or a passkey; the others a hardware key. */
export type Needs = NonNullable<MfaProofRequest['needs']>

export interface Confirmed {
  readonly purpose: MfaProofRequest['purpose']
  /** What this change is about. */
  readonly subject: string
  /** What the same code is to be good for, `subject` among them; at most 100. */
  readonly together: readonly string[]
  /** What the person is about to do, as a sentence and on the button. */
  readonly says: string
  readonly act: string
  /** Who asks for a second factor, where that is known; else the server is asked first. */
  readonly because: string | undefined
  /** How strong it has to be, where that is known. */
  readonly needs?: Needs | undefined
}

export interface Confirming extends Omit<Confirmed, 'because' | 'needs'> {
  readonly because: string
  readonly needs: Needs
  /** Where the focus was when the person set out. */
  readonly from: Element | null
  readonly settle: (proof: string | undefined) => void
}

type Asked = Pick<Confirming, 'because' | 'needs'>

interface Kept {
  readonly proof: string
  readonly because: string
  readonly needs: Needs
  /** By the clock of this page, a little before the end. */
  readonly until: number
  readonly open: Set<string>
}

const marginMs = 10_000

export interface Confirm {
  /** The dialog that is open. */
  readonly confirming: Confirming | undefined
  /** Whether the change waits for the person and not for the server. */
  readonly waits: boolean
  /** Makes the change; undefined where the person did not confirm it, and nothing was done. */
  readonly send: <T>(what: Confirmed, change: (mfaProof?: string) => Promise<T>) => Promise<T | undefined>
}

export function useConfirm(): Confirm {
  const [confirming, setConfirming] = useState<Confirming>()
  const [waits, setWaits] = useState(false)
  const kept = useRef<Kept>(undefined)
  const focused = useLastFocus()

  async function ask(what: Confirmed, { because, needs }: Asked): Promise<Kept | undefined> {
    const from = focused.current
    setWaits(true)
    const proof = await new Promise<string | undefined>((resolve) => {
      setConfirming({ ...what, because, needs, from, settle: resolve })
    })
    setConfirming(undefined)
    // Not confirmed: what the focus returns to must not be out of reach, so it goes on to wait until the next change.
    if (proof === undefined) return undefined
    setWaits(false)
    const until = performance.now() + proofLifetimeMs - marginMs
    kept.current = { proof, because, needs, until, open: new Set(what.together) }
    return kept.current
  }

  return {
    confirming,
    waits,
    send: async (what, change) => {
      setWaits(false)
      let asks =
        what.because === undefined ? undefined : { because: what.because, needs: what.needs ?? 'factor' }
      const before = kept.current
      try {
        if (before !== undefined && performance.now() < before.until && before.open.has(what.subject)) {
          asks ??= before
          return await spend(before, what.subject, change)
        }
        if (asks === undefined) return await change()
      } catch (error) {
        const asked = askedBy(error) ?? (isProblem(error, 'MFA_PROOF_INVALID') ? asks : undefined)
        if (asked === undefined) throw error
        asks = asked
      }
      const given = await ask(what, asks)
      return given && (await spend(given, what.subject, change))
    },
  }
}

/** What had the focus last: a button that is out of reach while something is sent has lost it already. */
export function useLastFocus() {
  const last = useRef<Element | null>(null)
  useEffect(() => {
    last.current = document.activeElement
    const keep = ({ target }: FocusEvent) => {
      if (target instanceof Element) last.current = target
    }
    document.addEventListener('focusin', keep)
    return () => document.removeEventListener('focusin', keep)
  }, [])
  return last
}

async function spend<T>(
  { proof, open }: Kept,
  subject: string,
  change: (mfaProof: string) => Promise<T>,
): Promise<T> {
  const answer = await change(proof)
  open.delete(subject)
  return answer
}

/**
 * Who asks for a second factor; undefined where the error is another one, or what the client asks for by itself, from which
 * the person went back.
 */
function askedBy(error: unknown): Asked | undefined {
  const mfa = isProblem(error, 'SESSION_MFA_REQUIRED') ? error.problem.mfa : undefined
  return mfa && mfa.purpose !== 'administer'
    ? { because: mfa.because, needs: mfa.needs ?? 'factor' }
    : undefined
}
