/** @module A value that people carry elsewhere: an id, a secret or a reference, with a button that copies it. */
import { ActionIcon, CopyButton, Group, Text, Tooltip } from '@mantine/core'
import { CheckIcon, CopyIcon } from './Icons.js'

export function CopyAction({ value, name }: { value: string; name: string }) {
  return (
    <CopyButton value={value} timeout={2000}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${name}`}>
          <ActionIcon size="sm" onClick={copy} aria-label={copied ? `${name} copied` : `Copy ${name}`}>
            {copied ? <CheckIcon /> : <CopyIcon />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

interface CopyTextProps {
  value: string
  /** What the value is, for the button: "Copy reference". */
  name: string
  /** How it is shown where that differs from what is copied. */
  shown?: string
  truncate?: boolean
}

export function CopyText({ value, name, shown = value, truncate = false }: CopyTextProps) {
  return (
    <Group gap={4} wrap="nowrap" miw={0}>
      <Text
        span
        size="xs"
        ff="monospace"
        truncate={truncate}
        title={truncate ? value : undefined}
        style={truncate ? { minWidth: 0 } : { overflowWrap: 'anywhere' }}
      >
        {shown}
      </Text>
      <CopyAction value={value} name={name} />
    </Group>
  )
}
