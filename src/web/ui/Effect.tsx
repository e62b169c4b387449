/** @module Whether something is allowed: a word and a sign, never a colour alone. */
import { CheckIcon, CrossIcon, LockIcon } from './Icons.js'

const shown = {
  allow: { text: 'Allowed', Icon: CheckIcon, success: true },
  deny: { text: 'Refused', Icon: CrossIcon, success: false },
  step_up: { text: 'Allowed with a code', Icon: LockIcon, success: true },
} as const

export function Effect({ effect }: { effect: keyof typeof shown }) {
  const { text, Icon, success } = shown[effect]
  return (
    <span className="gh-outcome" data-success={success}>
      <Icon />
      {text}
    </span>
  )
}
