/** @module A name that breaks after its own signs, such as `@` and `.`, or between its words, before it breaks inside one. */
import { Fragment } from 'react'

interface BreakableNameProps {
  value: string
  /** Of words that begin with a capital, as actions of AWS are written. */
  hasHumps?: boolean
}

export function BreakableName({ value, hasHumps = false }: BreakableNameProps) {
  const parts = value.split(hasHumps ? /(?<=[@._/:-])|(?<=[a-z])(?=[A-Z])/ : /(?<=[@._/:-])/)
  return (
    <span style={{ overflowWrap: 'anywhere' }}>
      {parts.map((part, at) => (
        <Fragment key={at}>
          {at > 0 ? <wbr /> : null}
          {part}
        </Fragment>
      ))}
    </span>
  )
}
