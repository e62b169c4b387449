/** @module Roles and traits that a list grants or asks for. */
import { Text } from '@mantine/core'
import { Link } from 'react-router'
import type { ListDetail } from '../../api/contract/access-lists.js'
import { rights, useRight } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'

interface HoldingsProps {
  of: ListDetail['grants']
  label: string
  /** Stands where there is nothing. */
  none: string
}

export function Holdings({ of: { roles, traits }, label, none }: HoldingsProps) {
  const mayOpen = useRight(rights.listRoles)
  const named = Object.entries(traits)
  if (roles.length === 0 && named.length === 0) return <Text c="dimmed">{none}</Text>
  return (
    <ul className="gh-panel gh-rows" aria-label={label}>
      {roles.map((role) => (
        <li key={`role ${role}`}>
          <div>
            {mayOpen ? (
              <Link to={pagePaths.role(role)} className="gh-row-link">
                <BreakableName value={role} />
              </Link>
            ) : (
              <BreakableName value={role} />
            )}
          </div>
          <Text size="xs" c="dimmed">
            role
          </Text>
        </li>
      ))}
      {named.map(([trait, values]) => (
        <li key={`trait ${trait}`}>
          <div>
            <code>{trait}</code>: {values.join(', ')}
          </div>
          <Text size="xs" c="dimmed">
            trait
          </Text>
        </li>
      ))}
    </ul>
  )
}
