/** @module Many members at once: names that were pasted, a table, or those of another list. What would happen is told first. */
import {
  Button,
  Checkbox,
  FileButton,
  Group,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Textarea,
} from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ChangeMembersAnswer } from '../../api/contract/access-lists.js'
import { changeMembers, type MembersChange } from '../api/access-lists.js'
import { forgetResources } from '../api/resources.js'
import { formatCount, fromLocalInput, localZone } from '../ui/format.js'
import { Dialog } from '../ui/Dialog.js'
import { FormError } from '../ui/States.js'
import { MemberField, nameOfList } from './MemberField.js'
import { ManyPreview } from './ManyPreview.js'
import { replaceName } from './replace-name.js'

type Source = 'names' | 'csv' | 'list'
const sources: { value: Source; label: string }[] = [
  { value: 'names', label: 'Paste names' },
  { value: 'csv', label: 'A table (CSV)' },
  { value: 'list', label: 'From a list' },
]

interface AddManyProps {
  list: string
  onClose: () => void
  /** With what was done. */
  onDone: (says: string) => void
}

export function AddMany({ list, onClose, onDone }: AddManyProps) {
  const [source, setSource] = useState<Source>('names')
  const [text, setText] = useState('')
  const [from, setFrom] = useState('')
  const [reason, setReason] = useState('')
  const [ends, setEnds] = useState('')
  const [addUnknown, setAddUnknown] = useState(false)
  const expiresAt = fromLocalInput(ends)
  const change = (given: string): MembersChange => ({
    ...(source === 'names' ? { names: given } : source === 'csv' ? { csv: given } : { copyFrom: given }),
    ...(source !== 'csv' && { reason: reason.trim(), ...(expiresAt !== undefined && { expiresAt }) }),
    addUnknown,
  })
  const given = source === 'list' ? from.trim() : text
  const check = useMutation({
    mutationFn: async (what: MembersChange) =>
      await changeMembers(list, { ...(await withName(what)), dryRun: true }),
  })
  const add = useMutation({
    mutationFn: async () => await changeMembers(list, await withName(change(given))),
    onSuccess: (answer) => {
      void forgetResources()
      onDone(sayDone(answer))
    },
  })
  const preview = check.data
  /** What is told is about what was given; it goes with it. */
  const changed = () => {
    check.reset()
    add.reset()
  }
  const count = preview === undefined ? 0 : preview.added.length + preview.updated.length
  return (
    <Dialog onClose={onClose} title="Add many members" size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (preview === undefined) check.mutate(change(given))
          else if (count > 0) add.mutate()
        }}
      >
        <Stack>
          <SegmentedControl
            aria-label="Where the members come from"
            value={source}
            onChange={(value) => {
              setSource(sources.find((one) => one.value === value)?.value ?? 'names')
              setText('')
              changed()
            }}
            data={sources}
          />
          {source === 'list' ? (
            <MemberField
              list={list}
              kind="list"
              label="List to copy from"
              description="Its direct members come into this list too; later changes there change nothing here."
              value={from}
              onChange={(value) => {
                setFrom(value)
                changed()
              }}
            />
          ) : (
            <Textarea
              label={source === 'csv' ? 'Table' : 'Names'}
              description={
                source === 'csv'
                  ? 'The first line names the columns: kind,name,expires,reason. Only name must be there.'
                  : 'User names by lines, commas, semicolons or spaces; text from a mail or a chat will do.'
              }
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value)
                changed()
              }}
              autosize
              minRows={5}
              maxRows={12}
              spellCheck={false}
            />
          )}
          {source === 'csv' ? (
            <div>
              <FileButton
                accept=".csv,text/csv"
                onChange={(file) => {
                  changed()
                  void file?.text().then(setText)
                }}
              >
                {(props) => (
                  <Button {...props} variant="default" size="xs">
                    Take a file …
                  </Button>
                )}
              </FileButton>
            </div>
          ) : (
            <div className="gh-fields">
              <TextInput
                label="Reason (optional)"
                value={reason}
                onChange={(event) => {
                  setReason(event.currentTarget.value)
                  changed()
                }}
                maxLength={1000}
              />
              <TextInput
                type="datetime-local"
                label={`Ends (optional, ${localZone()})`}
                value={ends}
                onChange={(event) => {
                  setEnds(event.currentTarget.value)
                  changed()
                }}
              />
            </div>
          )}
          {preview ? (
            <ManyPreview
              answer={preview}
              onReplace={
                source === 'list'
                  ? undefined
                  : (wrong, right) => {
                      const mended = replaceName(text, wrong, right)
                      setText(mended)
                      check.mutate(change(mended))
                    }
              }
            />
          ) : null}
          {preview && (preview.unknown.length > 0 || addUnknown) ? (
            <Checkbox
              label="Add names that no user has, too"
              description="They are members as soon as a user of that name is made."
              checked={addUnknown}
              onChange={(event) => {
                const is = event.currentTarget.checked
                setAddUnknown(is)
                check.mutate({ ...change(given), addUnknown: is })
              }}
            />
          ) : null}
          <FormError error={check.error ?? add.error} />
          <Group>
            {preview === undefined ? (
              <Button type="submit" loading={check.isPending} disabled={given.trim() === ''}>
                Check
              </Button>
            ) : (
              <Button type="submit" loading={add.isPending} disabled={count === 0 || check.isPending}>
                {doLabel(preview)}
              </Button>
            )}
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </Group>
          {preview && count === 0 && !check.isPending ? (
            <Text size="sm" c="dimmed">
              Nothing would change.
            </Text>
          ) : null}
        </Stack>
      </form>
    </Dialog>
  )
}

/** The list to copy from may be given by its title. */
async function withName(change: MembersChange): Promise<MembersChange> {
  if (change.copyFrom === undefined) return change
  return { ...change, copyFrom: await nameOfList(change.copyFrom) }
}

function doLabel({ added, updated }: ChangeMembersAnswer): string {
  if (updated.length === 0) return `Add ${formatCount(added.length, 'member')}`
  if (added.length === 0) return `Change ${formatCount(updated.length, 'member')}`
  return `Add ${added.length.toLocaleString('en')}, change ${updated.length.toLocaleString('en')}`
}

function sayDone({ added, updated, refused, unknown }: ChangeMembersAnswer): string {
  const left = refused.length + unknown.length
  return [
    ...(added.length > 0 ? [`Added ${formatCount(added.length, 'member')}.`] : []),
    ...(updated.length > 0 ? [`Changed ${formatCount(updated.length, 'membership')}.`] : []),
    ...(left > 0 ? [`${formatCount(left, 'name')} left out.`] : []),
  ].join(' ')
}
