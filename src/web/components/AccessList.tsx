/**
 * @module AWS accounts with the permission sets that a person has there, or that a role gives. Searched and paged at
 * the server: a single star can stand for every account there is.
 */
import { Button, Group, Skeleton, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { AccountAccess } from '../../api/contract.js'
import { accessQuery, type AccessOf } from '../api/access.js'
import { BreakableName } from '../ui/BreakableName.js'
import { CopyText } from '../ui/CopyText.js'
import { formatCount } from '../ui/format.js'
import { SearchIcon } from '../ui/Icons.js'
import { ErrorState } from '../ui/States.js'

/** One account with one permission set, and the roles that give it. */
export interface Pair {
  readonly account: AccountAccess['account']
  readonly permissionSet: AccountAccess['permissionSets'][number]
}

interface AccessListProps {
  of: AccessOf
  /** Called with the pair that a person picks, to see how it is reached. */
  onPick: (pair: Pair) => void
  picked: Pair | undefined
  /** Stands where nothing is found. */
  none?: ReactNode
}

const pauseMs = 200

export function AccessList({ of, onPick, picked, none }: AccessListProps) {
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), pauseMs)
  const access = useInfiniteQuery(accessQuery(of, search))
  const first = access.data?.pages[0]
  const accounts = access.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <section aria-label="AWS accounts" className="gh-section">
      <Title order={2}>AWS accounts</Title>
      <Group mb="xs" mt={4}>
        <TextInput
          aria-label="Search accounts and permission sets"
          placeholder="Search account or permission set"
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          style={{ flex: '0 1 320px' }}
        />
        {first && first.total.pairs > 0 ? (
          <Text c="dimmed" role="status">
            {formatCount(first.total.pairs, 'account assignment')} in{' '}
            {formatCount(first.total.accounts, 'account')}
          </Text>
        ) : null}
      </Group>
      {access.isPending ? (
        <Skeleton h={140} role="status" aria-label="Loading AWS accounts" />
      ) : !access.data ? (
        <ErrorState
          error={access.error}
          what="The AWS accounts could not be read"
          onRetry={() => void access.refetch()}
        />
      ) : accounts.length === 0 ? (
        <>
          <Text c="dimmed" mb="sm">
            {search === ''
              ? 'No AWS account. Roles with account assignments give them.'
              : 'No account matches.'}
          </Text>
          {none}
        </>
      ) : (
        <ul className="gh-panel gh-rows" aria-label="AWS accounts">
          {accounts.map((entry) => (
            <AccountRow key={entry.account.id} entry={entry} onPick={onPick} picked={picked} />
          ))}
        </ul>
      )}
      {access.hasNextPage ? (
        <Button
          mt="sm"
          variant="default"
          size="xs"
          onClick={() => void access.fetchNextPage()}
          loading={access.isFetchingNextPage}
        >
          Load more accounts
        </Button>
      ) : null}
    </section>
  )
}

/** Permission sets shown before somebody asks for all of an account. */
const setsAtOnce = 8

interface AccountRowProps {
  entry: AccountAccess
  onPick: AccessListProps['onPick']
  picked: Pair | undefined
}

function AccountRow({ entry, onPick, picked }: AccountRowProps) {
  const { account, permissionSets } = entry
  const [all, setAll] = useState(false)
  const shown = all ? permissionSets : permissionSets.slice(0, setsAtOnce)
  const hidden = permissionSets.length - shown.length
  return (
    <li>
      <div className="gh-account">
        <Text fw={500}>
          <BreakableName value={account.name} />
        </Text>
        <CopyText value={account.id} name="account id" />
        {account.ouPath ? (
          <Text size="xs" c="dimmed">
            {account.ouPath}
          </Text>
        ) : null}
      </div>
      <div className="gh-sets">
        {shown.map((set) => (
          <SetChip
            key={set.arn}
            name={set.name}
            title={set.roles.join(', ')}
            pressed={picked?.account.id === account.id && picked.permissionSet.arn === set.arn}
            onPick={() => onPick({ account, permissionSet: set })}
            label={`How ${set.name} in ${account.name} is reached`}
          />
        ))}
        {hidden > 0 ? (
          <Button variant="subtle" size="compact-xs" onClick={() => setAll(true)}>
            {hidden.toLocaleString('en')} more
          </Button>
        ) : null}
      </div>
    </li>
  )
}

interface SetChipProps {
  name: string
  title: string
  label: string
  pressed: boolean
  onPick: () => void
}

function SetChip({ name, title, label, pressed, onPick }: SetChipProps) {
  return (
    <button
      type="button"
      className="gh-set"
      aria-pressed={pressed}
      aria-label={label}
      title={title}
      onClick={onPick}
    >
      {name}
    </button>
  )
}
