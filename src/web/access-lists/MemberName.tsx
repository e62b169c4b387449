/** @module A member by name, with a link where the reader may open it: a person, or a list within the list. */
import { Badge } from '@mantine/core'
import { Link } from 'react-router'
import type { MemberItem } from '../api/access-lists.js'
import { rights, useRight } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'

interface MemberNameProps {
  member: Pick<MemberItem, 'kind' | 'name' | 'hasUser'>
  title?: string | undefined
  /** Whether the reader may open a list of this name, where that is known. */
  mayOpen?: boolean
}

export function MemberName({
  member: { kind, name, hasUser },
  title = name,
  mayOpen = true,
}: MemberNameProps) {
  const mayReadUsers = useRight(rights.readUsers)
  const to = !mayOpen
    ? undefined
    : kind === 'list'
      ? pagePaths.accessList(name)
      : hasUser && mayReadUsers
        ? pagePaths.user(name)
        : undefined
  return (
    <span className="gh-name-and-badge">
      {to === undefined ? (
        <BreakableName value={title} />
      ) : (
        <Link to={to} className="gh-row-link">
          <BreakableName value={title} />
        </Link>
      )}
      {kind === 'list' ? (
        <Badge color="gray" className="gh-label">
          list
        </Badge>
      ) : hasUser ? null : (
        <Badge
          color="amber"
          className="gh-label"
          title="In this list, and no user here; a user of exactly this name takes the place over."
        >
          no user yet
        </Badge>
      )}
    </span>
  )
}
