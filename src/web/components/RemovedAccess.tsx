/** @module Before a removal: who loses what where our access goes as well, and what AWS would keep as it is. */
import { Alert, Button, List, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import type { UninstallAnswer } from '../../api/contract/identity-center.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { sayInPage } from '../ui/field-labels.js'
import { formatCount } from '../ui/format.js'
import { WarningIcon } from '../ui/Icons.js'
import { groupRows } from '../ui/identity-center-words.js'

type Access = NonNullable<UninstallAnswer['access']>

const shownAtOnce = 10

/** "2 assignments and 1 membership go; 3 people lose access." */
export function sayRemovedAccess({ assignments, memberships, people }: Access): string {
  if (assignments + memberships === 0) {
    return 'Nothing to remove: all access in AWS was there before the import, and stays.'
  }
  const what = [
    ...(assignments > 0 ? [formatCount(assignments, 'assignment')] : []),
    ...(memberships > 0 ? [formatCount(memberships, 'membership')] : []),
  ].join(' and ')
  const who =
    people === 0
      ? 'nobody loses access to an account by it'
      : `${people.toLocaleString('en')} ${people === 1 ? 'person loses' : 'people lose'} access`
  return `${what} made since the import ${assignments + memberships === 1 ? 'goes' : 'go'}; ${who}. Without this they stay as they are.`
}

/** By person, before anybody agrees. */
export function Losses({ access: { losses, moreLosses, people } }: { access: Access }) {
  const [all, setAll] = useState(false)
  if (losses.length === 0) return null
  const rows = groupRows(losses, ({ person }) => person)
  const shown = all ? rows : rows.slice(0, shownAtOnce)
  return (
    <section aria-label="Who loses what">
      <Text fw={600} mb={4} role="status">
        {people === 1 ? '1 person loses' : `${people.toLocaleString('en')} people lose`} access
      </Text>
      <ul className="gh-panel gh-rows" aria-label="Who loses what">
        {shown.map(({ key, rows: of }) => (
          <li key={key}>
            <Text fw={500} className="gh-account">
              <BreakableName value={key} />
            </Text>
            <ul className="gh-plain-list gh-principals">
              {of.map(({ account, permissionSet, through }) => (
                <li key={`${account} ${permissionSet}`}>
                  <BreakableName value={permissionSet} /> in <BreakableName value={account} />
                  <Text span size="xs" c="dimmed" ml={6}>
                    {through}
                  </Text>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {shown.length < rows.length ? (
        <Button mt="xs" variant="default" size="xs" onClick={() => setAll(true)}>
          Show all {rows.length.toLocaleString('en')}
        </Button>
      ) : null}
      {moreLosses > 0 ? (
        <Text size="sm" c="dimmed" mt="xs">
          and {moreLosses.toLocaleString('en')} more such losses
        </Text>
      ) : null}
    </section>
  )
}

/** What is not as Gatehouse says, and stays so since nobody looks after it any more. */
export function LeftInAws({ left, plugin }: { left: readonly string[]; plugin: string }) {
  if (left.length === 0) return null
  return (
    <Alert
      color="amber"
      icon={<WarningIcon />}
      title="AWS is not what Gatehouse says, and would stay so"
      role="status"
    >
      <List spacing={4}>
        {left.map((one) => (
          <List.Item key={one}>{sayInPage(one)}</List.Item>
        ))}
      </List>
      <Text mt="xs">
        Decide it in the{' '}
        <Link to={pagePaths.identityCenterPlan({ plugin })} className="gh-row-link">
          plan
        </Link>{' '}
        first: afterwards nobody looks after it here.
      </Text>
    </Alert>
  )
}
