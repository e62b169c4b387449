/** @module A list that is there: how it stands, and its parts as tabs; a part that is not for this person is left out. */
import { Button, Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { ListDetail } from '../../api/contract/access-lists.js'
import { rights, useRight } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'
import { Document } from './Document.js'
import { Grants } from './Grants.js'
import { History } from './History.js'
import { InAws } from './InAws.js'
import { Members } from './Members.js'
import { Owners } from './Owners.js'
import { People } from './People.js'
import { Reviews } from './Reviews.js'
import { Standing } from './Standing.js'

interface View {
  readonly value: string
  readonly title: string
  readonly count?: number | undefined
  readonly content: () => ReactNode
}

export function ListView({ detail }: { detail: ListDetail }) {
  const { name, title, description, may, problem, userCount = 0, listCount = 0 } = detail
  const hasMembers = userCount + listCount > 0
  const [search, setSearch] = useSearchParams()
  const views = useViews(detail)
  const view = views.find(({ value }) => value === search.get('view')) ?? views[0]
  return (
    <>
      <PageTitle
        title={title}
        parent={{ title: 'Access lists', to: pagePaths.accessLists() }}
        lead={
          <>
            {description ? <div className="gh-list-description">{description}</div> : null}
            {title === name ? null : <code>{name}</code>}
          </>
        }
        actions={
          may.review && problem === undefined && (hasMembers || isAsked(detail)) ? (
            <Button
              component={Link}
              to={pagePaths.accessListReview(name)}
              variant={isAsked(detail) ? 'filled' : 'default'}
            >
              {detail.review.decided > 0 ? 'Go on with the review' : 'Review it'}
            </Button>
          ) : undefined
        }
      />
      <Standing detail={detail} />
      <Tabs
        value={view?.value ?? null}
        onChange={(value) =>
          setSearch(value === null || value === views[0]?.value ? {} : { view: value }, { replace: true })
        }
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {views.map(({ value, title: tab, count }) => (
            <Tabs.Tab key={value} value={value}>
              {tab}
              {count === undefined ? null : (
                <span className="gh-tab-count">{count.toLocaleString('en')}</span>
              )}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {views.map(({ value, content }) => (
          <Tabs.Panel key={value} value={value}>
            {content()}
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}

function isAsked({ review: { state } }: ListDetail): boolean {
  return state === 'soon' || state === 'overdue'
}

/** Parts of the list that this person may see. Numbers of members are told to those who may see members. */
function useViews(detail: ListDetail): readonly View[] {
  const { name, may, userCount, listCount = 0, peopleCount, ownerCount, problem } = detail
  const mayRead = useRight(rights.readAccessLists)
  const seesMembers = userCount !== undefined
  const document: View[] =
    may.edit || mayRead
      ? [
          {
            value: 'edit',
            title: may.edit ? 'Edit' : 'Document',
            content: () => <Document detail={detail} />,
          },
        ]
      : []
  if (problem !== undefined) return document
  return [
    ...(seesMembers
      ? [
          {
            value: 'members',
            title: 'Members',
            count: userCount + listCount,
            content: () => <Members detail={detail} />,
          },
          {
            value: 'people',
            title: 'People',
            count: peopleCount,
            content: () => <People detail={detail} />,
          },
        ]
      : []),
    { value: 'owners', title: 'Owners', count: ownerCount, content: () => <Owners detail={detail} /> },
    { value: 'grants', title: 'Grants', content: () => <Grants detail={detail} /> },
    ...(detail.may.aws
      ? [{ value: 'aws', title: 'Access in AWS', content: () => <InAws detail={detail} /> }]
      : []),
    ...(seesMembers
      ? [
          { value: 'reviews', title: 'Reviews', content: () => <Reviews detail={detail} /> },
          { value: 'history', title: 'History', content: () => <History name={name} /> },
        ]
      : []),
    ...document,
  ]
}
