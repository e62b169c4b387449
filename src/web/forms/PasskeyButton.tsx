/** @module The button that uses a passkey; a browser that knows none says so instead. */
import { Button, Text } from '@mantine/core'
import { knowsPasskeys } from '../api/passkeys.js'

interface PasskeyButtonProps {
  label: string
  loading: boolean
  onClick: () => void
  variant?: 'filled' | 'default'
}

export function PasskeyButton({ label, loading, onClick, variant = 'filled' }: PasskeyButtonProps) {
  if (!knowsPasskeys) {
    return <Text c="dimmed">This browser knows no passkeys. Use another browser or device for yours.</Text>
  }
  return (
    <Button
      variant={variant}
      loading={loading}
      onClick={onClick}
      fullWidth
      h="auto"
      mih={36}
      styles={{ label: { whiteSpace: 'normal', overflow: 'visible' } }}
    >
      {label}
    </Button>
  )
}
