/** @module A member under review: why and since when they are in, whether they use it, and the decision on them. */
import { Button, Checkbox, Group, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Decision, ReviewMember } from '../../api/list-reviews.js'
import { sessionQuery } from '../../api/queries.js'
import { countPeople } from '../../ui/access-list-words.js'
import { CheckIcon, CrossIcon } from '../../ui/Icons.js'
import { RelativeTime } from '../../ui/RelativeTime.js'
import { MemberName } from '../MemberName.js'
import { OneWay, WhyNot } from '../People.js'

interface ReviewRowProps {
  member: ReviewMember
  index: number
  isActive: boolean
  isChosen: boolean
  onKey: (event: React.KeyboardEvent, index: number) => void
  onActive: (index: number) => void
  onChoose: (member: ReviewMember) => void
  onDecide: (decision: Decision) => void
  onNote: (note: string) => void
}

const decided = { keep: 'keep', remove: 'remove' } as const

export function ReviewRow(props: ReviewRowProps) {
  const { member, index, isActive, isChosen, onKey, onActive, onChoose, onDecide, onNote } = props
  const { name, decision, decidedBy, note, lapsed } = member
  const me = useQuery(sessionQuery).data?.user?.name
  const [noting, setNoting] = useState(false)
  // Only the controls of one row are on the way of Tab; arrows lead to the other rows.
  const tabIndex = isActive ? 0 : -1
  return (
    <div
      className="gh-panel gh-review-row"
      role="group"
      aria-label={`${name}: ${decision ? decided[decision] : 'open'}`}
      data-row={index}
      data-decision={decision}
      tabIndex={tabIndex}
      onKeyDown={(event) => onKey(event, index)}
      onFocus={() => onActive(index)}
    >
      <Checkbox
        size="xs"
        tabIndex={tabIndex}
        aria-label={`Choose ${name}`}
        checked={isChosen}
        onChange={() => onChoose(member)}
      />
      <div className="gh-review-who">
        <MemberName member={member} title={member.title} />
        <Facts member={member} />
        <AlsoBy ways={member.alsoBy} />
        <WhyNot person={member} />
        {decidedBy !== undefined && decidedBy !== me ? (
          <Text size="sm" c="dimmed">
            {decidedBy} decided
          </Text>
        ) : null}
        {lapsed ? (
          <Text size="sm">
            {lapsed.decidedBy} had decided to {lapsed.decision}
            {lapsed.note ? ` (“${lapsed.note}”)` : ''}, and may not review this list any more: decide again.
          </Text>
        ) : null}
        {noting ? (
          <NoteField
            name={name}
            note={note ?? ''}
            onDone={(text) => {
              setNoting(false)
              if (text !== undefined && text !== (note ?? '')) onNote(text)
            }}
          />
        ) : note ? (
          <Text size="sm">“{note}”</Text>
        ) : null}
      </div>
      <Group gap={6} className="gh-review-tools">
        {decision ? (
          <Button
            variant="subtle"
            size="compact-sm"
            color="gray"
            tabIndex={tabIndex}
            onClick={() => setNoting(true)}
            aria-label={`${note ? 'Change the note' : 'Note'} on ${name}`}
          >
            {note ? 'Change note' : 'Note'}
          </Button>
        ) : null}
        {decision ? (
          <Button
            variant="subtle"
            size="compact-sm"
            color="gray"
            tabIndex={tabIndex}
            onClick={() => onDecide('open')}
            aria-label={`Take back the decision on ${name}`}
          >
            Undo
          </Button>
        ) : null}
        <button
          type="button"
          className="gh-decision"
          data-of="keep"
          tabIndex={tabIndex}
          aria-pressed={decision === 'keep'}
          aria-label={`Keep ${name}`}
          onClick={() => onDecide('keep')}
        >
          <CheckIcon />
          Keep
        </button>
        <button
          type="button"
          className="gh-decision"
          data-of="remove"
          tabIndex={tabIndex}
          aria-pressed={decision === 'remove'}
          aria-label={`Remove ${name}`}
          onClick={() => onDecide('remove')}
        >
          <CrossIcon />
          Remove
        </button>
      </Group>
    </div>
  )
}

function Facts({ member }: { member: ReviewMember }) {
  const { kind, joinedAt, addedBy, reason, expiresAt, lastAwsSignIn, peopleCount } = member
  return (
    <Text size="sm" c="dimmed" component="div" className="gh-review-facts">
      <span>
        joined <RelativeTime at={joinedAt} />, added by {addedBy}
        {reason ? `: ${reason}` : ''}
      </span>
      {expiresAt ? (
        <span>
          ends <RelativeTime at={expiresAt} />
        </span>
      ) : null}
      {kind === 'list' ? (
        peopleCount === undefined ? null : (
          <span>{countPeople(peopleCount)} in it</span>
        )
      ) : lastAwsSignIn ? (
        <span>
          signed in to AWS <RelativeTime at={lastAwsSignIn} />
        </span>
      ) : (
        <span className="gh-never">never signed in to AWS</span>
      )}
    </Text>
  )
}

/** Removing somebody here takes nothing from them that another way gives: they are told of before it is decided. */
function AlsoBy({ ways = [] }: { ways?: ReviewMember['alsoBy'] }) {
  if (ways.length === 0) return null
  return (
    <Text size="sm" component="div">
      {ways.map((way) => (
        <div key={way.path.map(({ name, title }) => name ?? title).join('/')}>
          also in <OneWay way={way} />
        </div>
      ))}
    </Text>
  )
}

interface NoteFieldProps {
  name: string
  note: string
  /** Undefined where it stays as it was. */
  onDone: (text: string | undefined) => void
}

function NoteField({ name, note, onDone }: NoteFieldProps) {
  const [text, setText] = useState(note)
  return (
    <TextInput
      size="xs"
      mt={4}
      aria-label={`Note on ${name}`}
      placeholder="Why; Enter keeps it"
      value={text}
      autoFocus
      maxLength={1000}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        event.currentTarget.closest<HTMLElement>('[data-row]')?.focus()
        if (event.key === 'Escape') onDone(undefined)
      }}
      onBlur={() => onDone(text.trim())}
    />
  )
}
