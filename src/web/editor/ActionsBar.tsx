/** @module The buttons under an editor: each says what it does, and to what. */
import { Button, Text } from '@mantine/core'
import type { KindAnswer } from '../../api/contract.js'
import { formatCount } from '../ui/format.js'
import type { Check } from './use-check.js'

interface ActionsBarProps {
  kind: KindAnswer
  /** Undefined for a new one. */
  name: string | undefined
  dirty: boolean
  /** A new one whose name is still empty. */
  unnamed: boolean
  check: Check
  pending: boolean
  onSave: () => void
  onDiscard: () => void
  onDelete: () => void
  onCompare: () => void
}

export function ActionsBar({
  kind,
  name,
  dirty,
  unnamed,
  check,
  pending,
  onSave,
  onDiscard,
  onDelete,
  onCompare,
}: ActionsBarProps) {
  const mayDelete = name !== undefined && kind.singleton === undefined && kind.verbs.includes('delete')
  const ready = check.state === 'right'
  return (
    <div className="gh-actions-bar">
      <Button onClick={onSave} loading={pending} disabled={!ready}>
        {saveLabel(kind, name, check)}
      </Button>
      {dirty ? (
        <Button variant="default" onClick={onDiscard} disabled={pending}>
          Discard changes
        </Button>
      ) : null}
      {check.state === 'stale' ? (
        <Text size="sm" component="div">
          Somebody else saved meanwhile.{' '}
          <Button variant="subtle" size="compact-sm" onClick={onCompare}>
            Compare
          </Button>
        </Text>
      ) : !ready && dirty ? (
        <Text size="sm" c="dimmed">
          {check.state === 'checking'
            ? 'Checking before it can be saved …'
            : unnamed
              ? 'It needs a name first.'
              : 'Mend the problems to save.'}
        </Text>
      ) : null}
      {mayDelete ? (
        <Button variant="subtle" color="red" onClick={onDelete} ml="auto">
          {kind.name === 'lock' ? 'Lift the lock …' : `Delete ${kind.title} …`}
        </Button>
      ) : null}
    </div>
  )
}

function saveLabel(kind: KindAnswer, name: string | undefined, check: Check): string {
  if (name !== undefined) return 'Save changes'
  const created = check.state === 'right' ? check.changes : []
  return created.length > 1 ? `Create ${formatCount(created.length, 'resource')}` : `Create ${kind.title}`
}
