/** @module Who may do what the reader may not: told in place of the buttons. */
import { Text } from '@mantine/core'
import type { ListDetail } from '../../api/contract/access-lists.js'
import { OwnerNames } from './OwnerNames.js'

export function WhoManages({ detail, what }: { detail: ListDetail; what: 'members' | 'requirements' }) {
  if (detail.may.membersSay !== undefined) return null
  return (
    <Text c="dimmed" mb="sm">
      {what === 'members' ? 'Members are changed' : 'What members need is set'} by the owners:{' '}
      <OwnerNames {...detail} />.
    </Text>
  )
}
