/** @module The phases of a key rollover as a small picture: which key signs in each, and where it stands now. */
import { Text } from '@mantine/core'
import type { SigningKeysAnswer } from '../../api/contract.js'
import type { KeyPurpose } from '../api/keys.js'
import { ArrowIcon } from '../ui/Icons.js'

type Phase = SigningKeysAnswer['phase']

interface Drawn {
  readonly phase: Phase
  readonly title: string
  /** The keys of the phase: which signs, which is only known. */
  readonly keys: readonly { readonly name: string; readonly does: string; readonly signs: boolean }[]
}

function draw(of: KeyPurpose): readonly Drawn[] {
  const published = of === 'audit' ? 'waits' : 'published'
  const kept = of === 'audit' ? 'kept to verify' : 'kept until you finish'
  return [
    { phase: 'steady', title: 'Steady', keys: [{ name: 'Current', does: 'signs', signs: true }] },
    {
      phase: 'prepared',
      title: 'Prepared',
      keys: [
        { name: 'Current', does: 'signs', signs: true },
        { name: 'Next', does: published, signs: false },
      ],
    },
    {
      phase: 'switched',
      title: 'Switched',
      keys: [
        { name: 'Current, new', does: 'signs', signs: true },
        { name: 'Retired', does: kept, signs: false },
      ],
    },
  ]
}

export function RolloverPicture({ phase: now, of }: { phase: Phase; of: KeyPurpose }) {
  return (
    <ol className="gh-phases" aria-label="Phases of a key rollover">
      {draw(of).map(({ phase, title, keys }, at) => (
        <li key={phase} aria-current={phase === now ? 'step' : undefined}>
          {at > 0 ? (
            <span className="gh-phase-arrow">
              <ArrowIcon />
            </span>
          ) : null}
          <div className="gh-phase">
            <Text fw={600} size="sm">
              {title}
              {phase === now ? <span className="gh-phase-now"> · you are here</span> : null}
            </Text>
            <div className="gh-phase-keys">
              {keys.map(({ name, does, signs }) => (
                <span key={name} className="gh-key" data-signs={signs}>
                  <b>{name}</b> {does}
                </span>
              ))}
            </div>
          </div>
        </li>
      ))}
    </ol>
  )
}
