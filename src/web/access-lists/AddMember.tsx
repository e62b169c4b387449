/** @module Adds one person or one list. A name that nobody has is told with the nearest ones before it is added. */
import { Alert, Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { ChangeMembersAnswer } from '../../api/contract/access-lists.js'
import { writeCsv } from '../../core/csv.js'
import { changeMembers, type MemberItem } from '../api/access-lists.js'
import { forgetResources } from '../api/resources.js'
import { memberChangeWords } from '../ui/access-list-words.js'
import { fromLocalInput, localZone, pastProblem } from '../ui/format.js'
import { WarningIcon } from '../ui/Icons.js'
import { FormError } from '../ui/States.js'
import { MemberField, nameOfList } from './MemberField.js'

export function AddMember({ list }: { list: string }) {
  const [kind, setKind] = useState<MemberItem['kind']>('user')
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const [ends, setEnds] = useState('')
  const nameField = useRef<HTMLInputElement>(null)
  const name = typed.trim()
  const past = pastProblem(ends)
  const add = useMutation({
    mutationFn: async ({ who, addUnknown }: { who: string; addUnknown: boolean }) => {
      const one = kind === 'list' ? await nameOfList(who) : who
      return await changeMembers(list, {
        csv: writeCsv([
          ['kind', 'name', 'expires', 'reason'],
          [kind, one, fromLocalInput(ends) ?? '', reason.trim()],
        ]),
        addUnknown,
      })
    },
    onSuccess: ({ unknown, refused }) => {
      if (unknown.length > 0 || refused.length > 0) return
      setTyped('')
      setReason('')
      setEnds('')
      nameField.current?.focus()
      void forgetResources()
    },
  })
  return (
    <form
      className="gh-panel gh-part gh-add-member"
      aria-label="Add a member"
      onSubmit={(event) => {
        event.preventDefault()
        if (name !== '' && past === undefined) add.mutate({ who: name, addUnknown: false })
      }}
    >
      <Group gap="sm" align="flex-end">
        <SegmentedControl
          aria-label="What to add"
          value={kind}
          onChange={(value) => {
            setKind(value === 'list' ? 'list' : 'user')
            setTyped('')
            add.reset()
          }}
          data={[
            { value: 'user', label: 'Person' },
            { value: 'list', label: 'List' },
          ]}
        />
        <div style={{ flex: '2 1 220px' }}>
          <MemberField
            key={kind}
            list={list}
            kind={kind}
            inputRef={nameField}
            label={kind === 'list' ? 'List to add' : 'Person to add'}
            value={typed}
            error={add.data?.refused[0]?.problem}
            onChange={(value) => {
              setTyped(value)
              add.reset()
            }}
          />
        </div>
        <TextInput
          label="Reason (optional)"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={1000}
          style={{ flex: '2 1 180px' }}
        />
        <TextInput
          type="datetime-local"
          label={`Ends (optional, ${localZone()})`}
          value={ends}
          onChange={(event) => setEnds(event.currentTarget.value)}
          error={past}
          style={{ flex: '1 1 180px' }}
        />
        <Button type="submit" loading={add.isPending} disabled={name === '' || past !== undefined}>
          Add to the list
        </Button>
      </Group>
      {add.error ? (
        <div style={{ marginTop: 8 }}>
          <FormError error={add.error} />
        </div>
      ) : null}
      {add.data ? (
        <Told answer={add.data} onAdd={(who, addUnknown) => add.mutate({ who, addUnknown })} />
      ) : null}
    </form>
  )
}

interface ToldProps {
  answer: ChangeMembersAnswer
  onAdd: (who: string, addUnknown: boolean) => void
}

function Told({ answer: { added, updated, alreadyIn, unknown, refused, notes }, onAdd }: ToldProps) {
  const [missing] = unknown
  if (missing) {
    return (
      <Alert
        color="amber"
        icon={<WarningIcon />}
        title={`No user is called ${missing.name}`}
        mt="sm"
        role="alert"
      >
        <Group gap="xs">
          {missing.suggestions.map((name) => (
            <Button key={name} size="xs" variant="default" onClick={() => onAdd(name, false)}>
              Add {name}
            </Button>
          ))}
          <Button size="xs" variant="default" onClick={() => onAdd(missing.name, true)}>
            Add {missing.name} all the same
          </Button>
        </Group>
      </Alert>
    )
  }
  // Said at the field.
  if (refused.length > 0) return null
  const [changed] = updated
  return (
    <Text size="sm" mt="xs" role="status">
      {added.length > 0
        ? `Added ${added[0]?.name}.`
        : changed
          ? `${changed.name} was in the list already: ${changed.changes.map(memberChangeWords).join('; ')}.`
          : alreadyIn[0]
            ? `${alreadyIn[0].name} is in the list already.`
            : ''}{' '}
      {notes.join(' ')}
    </Text>
  )
}
