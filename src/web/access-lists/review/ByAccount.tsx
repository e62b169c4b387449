/** @module What a review changes in AWS, by account: of each permission set who has it no more, and who gets it. */
import { Text } from '@mantine/core'
import type { SubmitReviewAnswer } from '../../../api/contract/access-lists.js'

type Account = SubmitReviewAnswer['accounts'][number]
type PermissionSet = Account['permissionSets'][number]

export function ByAccount({ accounts, isDone }: { accounts: readonly Account[]; isDone: boolean }) {
  return (
    <ul className="gh-by-account" aria-label="In AWS, by account">
      {accounts.map(({ accountId, account, permissionSets }) => (
        <li key={accountId}>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {account}
          </Text>
          <ul className="gh-facts-list">
            {permissionSets.map((set) => (
              <li key={set.permissionSet}>
                <Set set={set} isDone={isDone} />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}

function Set({
  set: { permissionSet, lose, loseCount, gain, gainCount },
  isDone,
}: {
  set: PermissionSet
  isDone: boolean
}) {
  const told = [
    ...(loseCount > 0
      ? [`${names(lose, loseCount)} ${verb(loseCount, isDone, 'loses', 'lose', 'lost')} it`]
      : []),
    ...(gainCount > 0
      ? [`${names(gain, gainCount)} ${verb(gainCount, isDone, 'gains', 'gain', 'gained')} it`]
      : []),
  ]
  return (
    <>
      {permissionSet}: {told.join('; ')}
    </>
  )
}

function verb(count: number, isDone: boolean, one: string, many: string, past: string): string {
  return isDone ? past : count === 1 ? one : many
}

function names(shown: readonly string[], count: number): string {
  const more = count - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more.toLocaleString('en')} more` : shown.join(', ')
}
