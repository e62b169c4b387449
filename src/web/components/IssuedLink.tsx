/** @module A one-time link that was just made: it is shown once, to be handed over. */
import { Alert, Group, Stack, Text, TextInput } from '@mantine/core'
import type { LinkIssuedAnswer } from '../../api/contract.js'
import { CopyAction } from '../ui/CopyText.js'
import { InfoIcon } from '../ui/Icons.js'
import { RelativeTime } from '../ui/RelativeTime.js'

export function IssuedLink({ link }: { link: LinkIssuedAnswer }) {
  return (
    <Stack gap="sm">
      <Alert icon={<InfoIcon />} role="status" p="sm">
        Hand this link to <b>{link.user}</b> by a way that only they read. Whoever opens it first sets the
        password.
      </Alert>
      <Group gap={6} wrap="nowrap" align="flex-end">
        <TextInput
          label="One-time link"
          value={link.url}
          readOnly
          onFocus={(event) => event.currentTarget.select()}
          style={{ flex: 1 }}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
        />
        <div style={{ paddingBottom: 7 }}>
          <CopyAction value={link.url} name="link" />
        </div>
      </Group>
      <Text size="sm" c="dimmed">
        It works once and ends <RelativeTime at={link.expiresAt} />. It is not shown again; a new one replaces
        it.
      </Text>
    </Stack>
  )
}
