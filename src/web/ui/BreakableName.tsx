/** @module A name that breaks after its own signs, such as `@` and `.`, before it breaks inside a word. */
import { Fragment } from 'react'

export function BreakableName({ value }: { value: string }) {
  const parts = value.split(/(?<=[@._/:-])/)
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
