/** @module Roles and applications that may be asked for. */
import { Checkbox, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { requestCapsQuery } from '../api/access-requests.js'
import { BreakableName } from '../ui/BreakableName.js'
import { EmptyState, ErrorState } from '../ui/States.js'
import type { Chosen } from './AccountCard.js'
import { keyOf, type BasketItem } from './basket.js'

interface Row {
  readonly item: BasketItem
  readonly says: string
  readonly held: boolean
}

export function Caps({ of, search, chosen }: { of: 'roles' | 'apps'; search: string; chosen: Chosen }) {
  const caps = useQuery(requestCapsQuery)
  if (caps.isPending) return <Skeleton h={200} role="status" aria-label="Loading what you may ask for" />
  if (!caps.data) {
    return (
      <ErrorState
        error={caps.error}
        what="What you may ask for could not be read"
        onRetry={() => void caps.refetch()}
      />
    )
  }
  const rows: Row[] =
    of === 'roles'
      ? caps.data.roles.map(({ name, description, held }) => ({
          item: { input: { kind: 'role', name }, title: name, more: 'Role' },
          says: description ?? '',
          held,
        }))
      : caps.data.apps.map(({ name, title, held }) => ({
          item: { input: { kind: 'app', name }, title, more: 'Application' },
          says: name === title ? '' : name,
          held,
        }))
  const words = search.toLowerCase().split(/\s+/)
  const shown = rows.filter(({ item, says }) => {
    const text = `${item.title} ${says}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const noun = of === 'roles' ? 'role' : 'application'
  if (shown.length === 0) {
    return rows.length > 0 ? (
      <EmptyState title={`No ${noun} matches`}>Search looks at names and descriptions.</EmptyState>
    ) : (
      <EmptyState title={`There is no ${noun} that you may ask for`}>
        None of your roles lets you ask for one. An administrator can give you a role with request.
      </EmptyState>
    )
  }
  return (
    <ul className="gh-panel gh-picks" aria-label={of === 'roles' ? 'Roles' : 'Applications'}>
      {shown.map(({ item, says, held }) => {
        const key = keyOf(item.input)
        return (
          <li
            key={key}
            className="gh-pick"
            data-state={held ? 'have' : 'requestable'}
            data-chosen={chosen.has(key)}
          >
            <Checkbox
              checked={chosen.has(key)}
              disabled={held && !chosen.has(key)}
              onChange={() => chosen.toggle(item)}
              aria-label={item.title}
              aria-describedby={`says-${key}`}
              label={<BreakableName value={item.title} />}
              className="gh-pick-box"
            />
            <Text size="xs" c="dimmed" className="gh-pick-says" id={`says-${key}`}>
              {held ? (of === 'roles' ? 'You hold it. ' : 'You can sign in to it. ') : ''}
              {says}
            </Text>
          </li>
        )
      })}
    </ul>
  )
}
