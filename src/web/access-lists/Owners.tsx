/** @module Who answers for a list: people, and lists whose members own it; with what is asked of owners. */
import { Badge, Text, Title } from '@mantine/core'
import type { ListDetail } from '../../api/contract/access-lists.js'
import { EmptyState } from '../ui/States.js'
import { Holdings } from './Holdings.js'
import { MemberName } from './MemberName.js'

export function Owners({ detail }: { detail: ListDetail }) {
  const { allOwners, ownershipRequires, ownerGrants, may } = detail
  return (
    <>
      <Text c="dimmed" mb="sm" maw="70ch">
        Owners say who is in the list, what members need, and review it.{' '}
        {may.edit ? 'Change them under Edit.' : 'Administrators say who they are and what the list grants.'}
      </Text>
      {allOwners.length === 0 ? (
        <EmptyState title="Nobody owns this list">
          Only administrators can change or review it. {may.edit ? 'Name an owner under Edit.' : ''}
        </EmptyState>
      ) : (
        <ul className="gh-panel gh-rows gh-bottom" aria-label="Owners">
          {allOwners.map(({ kind, name, title, description, problem }) => (
            <li key={`${kind} ${name}`}>
              <div>
                <MemberName
                  member={{ kind, name, hasUser: true }}
                  title={title}
                  // Titles are told of lists that the reader sees.
                  mayOpen={kind === 'user' || title !== undefined}
                />
                {kind === 'list' ? (
                  <Text size="xs" c="dimmed">
                    its members own this list
                  </Text>
                ) : null}
                {description ? (
                  <Text size="xs" c="dimmed">
                    {description}
                  </Text>
                ) : null}
                {problem ? (
                  <Text size="xs" component="div">
                    <Badge color="amber" mr={6}>
                      does not count
                    </Badge>
                    {problem}
                  </Text>
                ) : null}
              </div>
            </li>
          ))}
        </ul>
      )}
      <section className="gh-section" aria-label="What owners get">
        <Title order={2}>What owners get</Title>
        <Holdings
          of={ownerGrants}
          label="Grants of owners"
          none="Nothing beside what they do for the list."
        />
      </section>
      <section className="gh-section" aria-label="What owners need">
        <Title order={2}>What owners need</Title>
        <Holdings
          of={ownershipRequires}
          label="Requirements of owners"
          none="Nothing: who is named owns it."
        />
      </section>
    </>
  )
}
