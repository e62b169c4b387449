/** @module A path where no page is. */
import { Anchor, Text } from '@mantine/core'
import { Link, useLocation } from 'react-router'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'

export function NotFound() {
  const { pathname } = useLocation()
  return (
    <>
      <PageTitle
        title="No page here"
        lead={<>There is no page at {pathname}. The link may be old or mistyped.</>}
      />
      <Text>
        <Anchor component={Link} to={pagePaths.resources()}>
          Go to Resources
        </Anchor>
      </Text>
    </>
  )
}
