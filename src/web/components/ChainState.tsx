/** @module How far the audit chain reaches: the number and hash of its last event. */
import { Group, Text, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { auditHeadsQuery } from '../api/queries.js'
import { CopyAction } from '../ui/CopyText.js'
import { LinkIcon } from '../ui/Icons.js'

export function ChainState() {
  const { data } = useQuery(auditHeadsQuery)
  if (!data?.last) return null
  const { sequence, hash } = data.last
  return (
    <Group gap={6} wrap="nowrap" c="dimmed">
      <LinkIcon />
      <Tooltip
        multiline
        w={280}
        label="Each event carries a hash over itself and all events before it. Run gatehouse audit verify to check the chain."
      >
        <Text size="xs" tabIndex={0}>
          Chain: event {sequence.toLocaleString('en')}, hash <code>{hash.slice(0, 10)}</code>
        </Text>
      </Tooltip>
      <CopyAction value={`${sequence} ${hash}`} name="chain state" />
    </Group>
  )
}
