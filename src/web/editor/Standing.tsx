/** @module What is to be known of a resource before it is edited: why it cannot be, what is wrong, what was done. */
import { Alert, Text } from '@mantine/core'
import type { ChangeAnswer, KindAnswer, ResourceAnswer } from '../../api/contract.js'
import { CheckIcon, InfoIcon, LockIcon, WarningIcon } from '../ui/Icons.js'
import { startUpper } from '../ui/format.js'
import { Notes } from './CheckPanel.js'

interface StandingProps {
  kind: KindAnswer
  answer: ResourceAnswer | undefined
  mayWrite: boolean
  /** What saving did, until something is typed again. */
  done: readonly ChangeAnswer[] | undefined
}

export function Standing({ kind, answer, mayWrite, done }: StandingProps) {
  return (
    <>
      {answer && !mayWrite ? (
        <Alert icon={<LockIcon />} color="gray" p="xs" mb="md">
          {answer.origin === 'system'
            ? `The gateway makes this ${kind.title} itself. It can be granted and read, not changed.`
            : `Your roles let you read this ${kind.title}, not change it.`}
        </Alert>
      ) : null}
      {answer?.problem ? (
        <Alert icon={<WarningIcon />} color="red" p="xs" mb="md" title="The gateway cannot use it as it is">
          {startUpper(answer.problem)}
        </Alert>
      ) : null}
      {answer && answer.ignored.length > 0 ? (
        <Alert icon={<InfoIcon />} color="gray" p="xs" mb="md">
          Kept without effect here:{' '}
          {answer.ignored.map((path, at) => (
            <span key={path}>
              {at > 0 ? ', ' : null}
              <code>{path}</code>
            </span>
          ))}
        </Alert>
      ) : null}
      {done ? (
        <div role="status">
          <Alert icon={<CheckIcon />} color="green" p="xs" mb="md">
            <Text size="sm">Saved. It is in force now.</Text>
          </Alert>
          <Notes notes={done.flatMap(({ notes }) => notes)} />
        </div>
      ) : null}
    </>
  )
}
