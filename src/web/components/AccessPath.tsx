/** @module How one access is reached: the person, if it is one's, the roles that give it, the account. From left to right. */
import { ActionIcon, Button, Group } from '@mantine/core'
import { Link } from 'react-router'
import type { AccessOf } from '../api/access.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { ArrowIcon, CrossIcon } from '../ui/Icons.js'
import type { Pair } from './AccessList.js'

interface AccessPathProps {
  of: AccessOf
  pair: Pair
  onWhy: () => void
  onClose: () => void
}

export function AccessPath({ of, pair, onWhy, onClose }: AccessPathProps) {
  const { account, permissionSet } = pair
  return (
    <section className="gh-panel gh-path-panel" aria-label={`How ${of.name} reaches ${account.name}`}>
      <ol className="gh-path">
        {of.kind === 'user' ? (
          <>
            <li>
              <span className="gh-path-kind">Person</span>
              <BreakableName value={of.name} />
            </li>
            <li aria-hidden="true" className="gh-path-arrow">
              <ArrowIcon />
            </li>
          </>
        ) : null}
        <li>
          <span className="gh-path-kind">{permissionSet.roles.length === 1 ? 'Role' : 'Roles'}</span>
          {permissionSet.roles.map((role) => (
            <Link key={role} to={pagePaths.role(role)} className="gh-row-link">
              <BreakableName value={role} />
            </Link>
          ))}
        </li>
        <li aria-hidden="true" className="gh-path-arrow">
          <ArrowIcon />
        </li>
        <li>
          <span className="gh-path-kind">Permission set in account</span>
          <b>
            <BreakableName value={permissionSet.name} />
          </b>
          <span>
            <BreakableName value={account.name} /> <code>{account.id}</code>
          </span>
        </li>
      </ol>
      <Group gap="xs" wrap="nowrap">
        <Button variant="default" size="xs" onClick={onWhy}>
          Why?
        </Button>
        <ActionIcon onClick={onClose} aria-label="Close the path">
          <CrossIcon />
        </ActionIcon>
      </Group>
    </section>
  )
}
