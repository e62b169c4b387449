/** @module The frame of all pages that need a session: top bar, navigation, skip link, command palette. */
import { ActionIcon, AppShell, Burger, Button, Drawer, Group, Kbd } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { Link, Navigate, Outlet, useLocation } from 'react-router'
import { sessionQuery } from '../api/queries.js'
import { pagePaths } from '../path-builder.js'
import { MarkIcon, SearchIcon } from '../ui/Icons.js'
import { ErrorState } from '../ui/States.js'
import { ConfirmChange } from './ConfirmChange.js'
import { LoadingPage } from './LoadingPage.js'
import { Navigation } from './Navigation.js'
import { SinglePage } from './SinglePage.js'
import { UserMenu } from './UserMenu.js'

const CommandPalette = lazy(async () => ({ default: (await import('./CommandPalette.js')).CommandPalette }))

export function Shell() {
  const session = useQuery(sessionQuery)
  const location = useLocation()
  const [menuOpen, menu] = useDisclosure(false)
  const [paletteOpen, palette] = useDisclosure(false)
  useHotkeys([['mod+K', palette.toggle]], [])

  if (session.isPending) return <LoadingPage />
  if (!session.data) {
    return (
      <SinglePage title="The gateway does not answer">
        <ErrorState
          error={session.error}
          what="Your session could not be read"
          onRetry={() => void session.refetch()}
        />
      </SinglePage>
    )
  }
  if (session.data.stage !== 'full' || !session.data.user) {
    return <Navigate to={pagePaths.signIn({ next: location.pathname + location.search })} replace />
  }
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 212, breakpoint: 'sm', collapsed: { mobile: true } }}
      padding={{ base: 'md', md: 'xl' }}
    >
      <a className="gh-skip" href="#content">
        Skip to content
      </a>
      <AppShell.Header className="gh-header">
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={menuOpen}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Open navigation"
            />
            <Link to={pagePaths.resources()} className="gh-brand">
              <MarkIcon />
              <span>Gatehouse</span>
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Button
              variant="default"
              size="xs"
              onClick={palette.open}
              leftSection={<SearchIcon />}
              rightSection={<Kbd size="xs">{isApple() ? '⌘ K' : 'Ctrl K'}</Kbd>}
              visibleFrom="sm"
            >
              Find
            </Button>
            <ActionIcon size="lg" onClick={palette.open} aria-label="Find" hiddenFrom="sm">
              <SearchIcon />
            </ActionIcon>
            <UserMenu name={session.data.user.name} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className="gh-rail" p="xs" pt={0} component="div" visibleFrom="sm">
        <Navigation onNavigate={menu.close} />
      </AppShell.Navbar>
      <Drawer opened={menuOpen} onClose={menu.close} title="Gatehouse" size={280} hiddenFrom="sm">
        <Navigation onNavigate={menu.close} />
      </Drawer>
      <AppShell.Main id="content" tabIndex={-1} style={{ outline: 'none' }}>
        <Outlet />
      </AppShell.Main>
      <Suspense fallback={null}>{paletteOpen ? <CommandPalette onClose={palette.close} /> : null}</Suspense>
      <ConfirmChange />
    </AppShell>
  )
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent)
}
