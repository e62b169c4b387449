/** @module The heading of a page: it names the document and takes the focus when people move between pages. */
import { Box, Group, Text, Title } from '@mantine/core'
import { useEffect, useRef, type ReactNode } from 'react'
import { Link, NavigationType, useLocation, useNavigationType } from 'react-router'

let pagesShown = 0

interface PageTitleProps {
  title: string
  lead?: ReactNode
  actions?: ReactNode
  /** The list that the page belongs to. */
  parent?: { readonly title: string; readonly to: string }
}

export function PageTitle({ title, lead, actions, parent }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const { pathname } = useLocation()
  const way = useNavigationType()
  useEffect(() => {
    document.title = `${title} · Gatehouse`
  }, [title])
  useEffect(() => {
    // The first page keeps the focus at its start, where the skip link is.
    if (pagesShown > 0) {
      // A page begins at its top; on the way back the browser shows the place that was left.
      if (way !== NavigationType.Pop) window.scrollTo(0, 0)
      heading.current?.focus({ preventScroll: true })
    }
    pagesShown += 1
  }, [pathname, way])
  return (
    <Group justify="space-between" align="flex-start" mb="lg" gap="md">
      <Box maw="70ch" style={{ flex: '1 1 240px' }}>
        {parent ? (
          <Link to={parent.to} className="gh-parent">
            <span aria-hidden="true">‹</span> {parent.title}
          </Link>
        ) : null}
        <Title order={1} ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Title>
        {lead ? (
          <Text component="div" c="dimmed" mt={4}>
            {lead}
          </Text>
        ) : null}
      </Box>
      {actions}
    </Group>
  )
}
