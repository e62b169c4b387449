/** @module What the members of a list get, how far it reaches in AWS, and what they need to count as members. */
import { Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { ListDetail } from '../../api/contract/access-lists.js'
import { listInAwsQuery } from '../api/access-lists.js'
import { pagePaths } from '../path-builder.js'
import { formatCount } from '../ui/format.js'
import { Holdings } from './Holdings.js'
import { Requirements } from './Requirements.js'

export function Grants({ detail }: { detail: ListDetail }) {
  const { grants, may } = detail
  return (
    <>
      <section className="gh-section" aria-label="What members get">
        <Title order={2}>What members get</Title>
        <Holdings
          of={grants}
          label="Grants"
          none={
            may.edit
              ? 'Nothing yet: add roles under Edit.'
              : 'Nothing yet. Administrators say what it grants.'
          }
        />
        {may.edit ? null : (
          <Text size="sm" c="dimmed" mt={6}>
            Administrators change what a list grants.
          </Text>
        )}
      </section>
      <Reach detail={detail} />
      <Requirements detail={detail} />
    </>
  )
}

function Reach({ detail: { name, inAws, may } }: { detail: ListDetail }) {
  const aws = useQuery({ ...listInAwsQuery(name), enabled: inAws && may.aws })
  const pairs = (aws.data?.groups ?? []).flatMap(({ assignments }) =>
    assignments.filter(({ state }) => state !== 'to_go'),
  )
  const accounts = new Set(pairs.map(({ accountId }) => accountId)).size
  return (
    <section className="gh-section" aria-label="In AWS">
      <Title order={2}>In AWS</Title>
      {!inAws ? (
        <Text>It reaches no account. With a permission set in an account it becomes a group there.</Text>
      ) : !may.aws ? (
        <Text>It gives access to accounts in AWS. Its owners see which.</Text>
      ) : (
        <Text>
          {pairs.length === 0
            ? aws.data?.groups.length === 0
              ? 'It reaches accounts; it becomes a group once they are connected. '
              : 'It is a group in Identity Center. '
            : `It is a group with ${formatCount(pairs.length, 'permission set')} in ${formatCount(accounts, 'account')}. `}
          <Link to={pagePaths.accessList(name, { view: 'aws' })} className="gh-row-link">
            See its access in AWS
          </Link>
        </Text>
      )}
    </section>
  )
}
