/**
 * @module What one has in AWS now, each account and permission set one click away from the access portal. A few of them, so
 * that the page stays short: the others are where access is asked for. Nothing where nothing can be opened.
 */
import { Button, Group, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { PickerAccount } from '../../api/contract.js'
import { requestPickerQuery } from '../api/access-requests.js'
import { pagePaths } from '../path-builder.js'
import { ErrorState } from '../ui/States.js'

const shownAccounts = 8
const shownSets = 6

export function AwsLinks() {
  const picker = useInfiniteQuery(requestPickerQuery({ search: '', show: 'have' }))
  if (picker.isError) {
    const again = () => void picker.refetch()
    return <ErrorState error={picker.error} what="Accounts in AWS could not be read" onRetry={again} />
  }
  const [page] = picker.data?.pages ?? []
  const accounts = (page?.items ?? []).filter(({ permissionSets }) => permissionSets.some(isOpenable))
  if (page === undefined || accounts.length === 0) return null
  return (
    <section aria-label="Accounts in AWS">
      <Group justify="space-between" mt="xl" mb="xs">
        <Title order={2}>Accounts in AWS</Title>
        <Button component={Link} to={pagePaths.requestAccess({ show: 'have' })} variant="default" size="xs">
          {page.total.accounts === 1 ? 'All of this account' : `All ${page.total.accounts} accounts`}
        </Button>
      </Group>
      <ul className="gh-panel gh-rows" aria-label="Accounts in AWS">
        {accounts.slice(0, shownAccounts).map((account) => (
          <AccountRow key={account.account.id} account={account} />
        ))}
      </ul>
    </section>
  )
}

function AccountRow({ account: { account, permissionSets } }: { account: PickerAccount }) {
  const openable = permissionSets.filter(isOpenable)
  const more = openable.length - shownSets
  return (
    <li>
      <div>
        <Text fw={500}>{account.name}</Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {account.id}
        </Text>
      </div>
      <Group gap={6}>
        {openable.slice(0, shownSets).map(({ arn, name, portalUrl }) => (
          <Button
            key={arn}
            component="a"
            href={portalUrl}
            target="_blank"
            rel="noreferrer"
            variant="default"
            size="compact-sm"
            aria-label={`Open ${name} on ${account.name} in AWS`}
          >
            {name}
          </Button>
        ))}
        {more > 0 ? (
          <Text size="xs" c="dimmed">
            and {more} more
          </Text>
        ) : null}
      </Group>
    </li>
  )
}

function isOpenable({ portalUrl }: PickerAccount['permissionSets'][number]): boolean {
  return portalUrl !== undefined
}
