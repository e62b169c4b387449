/** @module Takes members out; what they lose is told before the button, here and in AWS. */
import { Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ListDetail } from '../../api/contract/access-lists.js'
import { changeMembers, listInAwsQuery, type MemberItem } from '../api/access-lists.js'
import { forgetResources } from '../api/resources.js'
import { nameSome, removalEffects } from '../ui/access-list-words.js'
import { FormError } from '../ui/States.js'

interface RemoveMembersProps {
  detail: ListDetail
  members: readonly MemberItem[]
  onClose: () => void
  onDone: () => void
}

export function RemoveMembers({ detail, members, onClose, onDone }: RemoveMembersProps) {
  const aws = useQuery(listInAwsQuery(detail.name))
  const names = members.map(({ name }) => name)
  const what = members.length === 1 ? nameSome(names) : `${members.length.toLocaleString('en')} members`
  const remove = useMutation({
    mutationFn: () =>
      changeMembers(detail.name, { remove: members.map(({ kind, name }) => ({ kind, name })) }),
    onSuccess: (answer) => {
      void forgetResources()
      if (answer.refused.length === 0) onDone()
    },
  })
  const refused = remove.data?.refused ?? []
  return (
    <Modal opened onClose={onClose} title={`Remove ${what}?`}>
      <Stack>
        {members.length > 1 ? (
          <Text className="gh-clamp" title={names.join(', ')}>
            {names.join(', ')}
          </Text>
        ) : null}
        <List spacing={4}>
          {removalEffects(detail, aws.data?.groups ?? [], members).map((says) => (
            <List.Item key={says}>{says}</List.Item>
          ))}
        </List>
        <Text>What other lists and roles give stays.</Text>
        <FormError error={remove.error} />
        {refused.length > 0 ? (
          <Text c="red" role="alert">
            {refused.map(({ name, problem }) => `${name}: ${problem}`).join(' · ')}
          </Text>
        ) : null}
        <Group>
          <Button
            color="red"
            onClick={() => remove.mutate()}
            loading={remove.isPending}
            disabled={aws.isPending}
          >
            Remove {what}
          </Button>
          <Button variant="default" onClick={onClose}>
            Keep
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
