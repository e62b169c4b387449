/** @module Takes members out; what they lose is told before the button, here and in AWS. */
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ListDetail } from '../../api/contract/access-lists.js'
import { changeMembers, listInAwsQuery, removalQuery, type MemberItem } from '../api/access-lists.js'
import { forgetResources } from '../api/resources.js'
import { nameSome, removalEffects } from '../ui/access-list-words.js'
import { Dialog } from '../ui/Dialog.js'
import { WarningIcon } from '../ui/Icons.js'
import { FormError } from '../ui/States.js'

interface RemoveMembersProps {
  detail: ListDetail
  members: readonly MemberItem[]
  onClose: () => void
  /** With what was done. */
  onDone: (says: string) => void
}

export function RemoveMembers({ detail, members, onClose, onDone }: RemoveMembersProps) {
  const aws = useQuery({ ...listInAwsQuery(detail.name), enabled: detail.may.aws })
  const names = members.map(({ name }) => name)
  const keys = members.map(({ kind, name }) => ({ kind, name }))
  const told = useQuery(removalQuery(detail.name, keys))
  const effect = told.data?.effect
  const what = members.length === 1 ? nameSome(names) : `${members.length.toLocaleString('en')} members`
  const remove = useMutation({
    mutationFn: () => changeMembers(detail.name, { remove: keys }),
    onSuccess: (answer) => {
      void forgetResources()
      if (answer.refused.length === 0) onDone(`Removed ${what}.`)
    },
  })
  const refused = remove.data?.refused ?? []
  return (
    <Dialog onClose={onClose} title={`Remove ${what}?`}>
      <Stack>
        {members.length > 1 ? (
          <Text className="gh-clamp" title={names.join(', ')}>
            {names.join(', ')}
          </Text>
        ) : null}
        <List spacing={4}>
          {(effect ? removalEffects(detail, aws.data?.groups ?? [], effect) : []).map((says) => (
            <List.Item key={says}>{says}</List.Item>
          ))}
        </List>
        {told.data && told.data.notes.length > 0 ? (
          <Alert color="amber" icon={<WarningIcon />} role="status" title="This cannot be taken back here">
            <List spacing={4}>
              {told.data.notes.map((note) => (
                <List.Item key={note}>{note}</List.Item>
              ))}
            </List>
          </Alert>
        ) : null}
        {told.error ? <FormError error={told.error} /> : null}
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
            disabled={aws.isLoading || told.isPending}
          >
            Remove {what}
          </Button>
          <Button variant="default" onClick={onClose}>
            Keep
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
