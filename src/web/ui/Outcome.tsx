/** @module Whether something succeeded: a word and a sign, never a colour alone. */
import { CheckIcon, CrossIcon } from './Icons.js'

export function Outcome({ success }: { success: boolean }) {
  return (
    <span className="gh-outcome" data-success={success}>
      {success ? <CheckIcon /> : <CrossIcon />}
      {success ? 'Succeeded' : 'Failed'}
    </span>
  )
}
