/** @module What a decision takes beside the session, told before it is asked for. */
import { Alert, Text } from '@mantine/core'
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import { WarningIcon } from '../ui/Icons.js'

export function MfaNote({ needsMfa }: Pick<AccessRequestShown, 'needsMfa'>) {
  if (needsMfa === undefined) return null
  return needsMfa.needs === 'code' ? (
    <Text size="sm" c="dimmed">
      You are asked for a code of your authenticator app. {needsMfa.because}
    </Text>
  ) : (
    <Alert color="amber" icon={<WarningIcon />} p="sm" role="note">
      You cannot decide on it here. {needsMfa.because}
    </Alert>
  )
}
