/** @module Who is signed in, the colour scheme, and the way out. */
import { Button, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from 'react-router'
import { sendJson } from '../api/client.js'
import { renewSession } from '../api/session.js'
import { apiPaths, pagePaths } from '../path-builder.js'
import { MoonIcon, SettingsIcon, SunIcon } from '../ui/Icons.js'

export function UserMenu({ name }: { name: string }) {
  const navigate = useNavigate()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const leave = useMutation({
    mutationFn: () => sendJson<unknown>('DELETE', apiPaths.session()),
    // First away from the shell: without a session it would ask for a sign-in that leads back here.
    onSuccess: async () => {
      await navigate(pagePaths.signIn({ done: 'signed-out' }))
      await renewSession()
    },
  })
  const other = scheme === 'dark' ? 'light' : 'dark'
  return (
    <Menu position="bottom-end" width={220} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="sm"
          px="xs"
          maw={{ base: 170, sm: 280 }}
          aria-label={`Account of ${name}`}
        >
          <span style={{ overflow: 'hidden', textOverflow: 'ellipsis', lineHeight: 1.5 }}>{name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to={pagePaths.settings()} leftSection={<SettingsIcon />}>
          My settings
        </Menu.Item>
        <Menu.Item
          leftSection={scheme === 'dark' ? <SunIcon /> : <MoonIcon />}
          onClick={() => setColorScheme(other)}
        >
          Use {other} colours
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => leave.mutate()} disabled={leave.isPending}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
