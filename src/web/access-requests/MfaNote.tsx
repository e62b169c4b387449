/** @module What a decision takes beside the session, told before it is asked for. */
import { Alert, Text } from '@mantine/core'
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import { WarningIcon } from '../ui/Icons.js'

const asked = {
  factor: 'a passkey or a code',
  hardware_key: 'your hardware key',
  hardware_key_pin: 'your hardware key and its PIN',
} as const

export function MfaNote({ needsMfa }: Pick<AccessRequestShown, 'needsMfa'>) {
  if (needsMfa === undefined) return null
  return needsMfa.needs !== 'unsupported' ? (
    <Text size="sm" c="dimmed">
      You are asked for {asked[needsMfa.needs]}. {needsMfa.because}
    </Text>
  ) : (
    <Alert color="amber" icon={<WarningIcon />} p="sm" role="note">
      You cannot decide on it here. {needsMfa.because}
    </Alert>
  )
}
