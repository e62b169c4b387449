/** @module The connectors of the sign-in page, a button each: a link that leaves for the identity provider. */
import { Button, Divider, Stack } from '@mantine/core'
import type { ConnectorButton } from '../../api/contract.js'
import { apiPaths } from '../path-builder.js'

interface ConnectorButtonsProps {
  connectors: readonly ConnectorButton[]
  next: string
  /** The person has a session and is asked again. */
  reauth: boolean
}

export function ConnectorButtons({ connectors, next, reauth }: ConnectorButtonsProps) {
  // GitHub cannot be told to ask a person again.
  const usable = connectors.filter(({ kind }) => !reauth || kind !== 'github')
  if (usable.length === 0) return null
  return (
    <Stack gap="md">
      <Stack
        gap="xs"
        component="ul"
        aria-label="Identity providers"
        m={0}
        p={0}
        style={{ listStyle: 'none' }}
      >
        {usable.map(({ name, display }) => (
          <li key={name}>
            <Button
              component="a"
              href={apiPaths.signInConnector(name, { next, reauth: reauth ? '1' : undefined })}
              variant="default"
              fullWidth
            >
              Sign in with {display}
            </Button>
          </li>
        ))}
      </Stack>
      <Divider label="or with a password here" />
    </Stack>
  )
}
