/** @module What members need of their own: shown, and changed by owners, who are told first whom it would hit. */
import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ListDetail } from '../../api/contract/access-lists.js'
import { listDetailQuery, putRequirements } from '../api/access-lists.js'
import { isProblem } from '../api/client.js'
import { forgetResources } from '../api/resources.js'
import { LabelRows } from '../forms/LabelRows.js'
import { PeoplePicker } from '../forms/PeoplePicker.js'
import type { LabelRow } from '../forms/role-fields.js'
import { countPeople, nameSome } from '../ui/access-list-words.js'
import { WarningIcon } from '../ui/Icons.js'
import { FormError } from '../ui/States.js'
import { Holdings } from './Holdings.js'
import { WhoManages } from './WhoManages.js'

const pauseMs = 350

export function Requirements({ detail }: { detail: ListDetail }) {
  const [editing, setEditing] = useState(false)
  const { may, membershipRequires } = detail
  return (
    <section className="gh-section" aria-label="What members need">
      <Title order={2}>What members need</Title>
      <Text c="dimmed" size="sm" mb={6} maw="70ch">
        Every role and value that stands here, as their own: what lists give does not count. Who lacks one
        stays in the list and has nothing by it.
      </Text>
      {editing ? (
        <Editor detail={detail} onClose={() => setEditing(false)} />
      ) : (
        <>
          <Holdings of={membershipRequires} label="Requirements" none="Nothing." />
          {may.members ? (
            <Button variant="default" mt="sm" onClick={() => setEditing(true)}>
              Change what members need
            </Button>
          ) : (
            <div style={{ marginTop: 6 }}>
              <WhoManages detail={detail} what="requirements" />
            </div>
          )}
        </>
      )}
    </section>
  )
}

function Editor({ detail, onClose }: { detail: ListDetail; onClose: () => void }) {
  const { name, membershipRequires, revision } = detail
  const client = useQueryClient()
  const [begun] = useState(revision)
  const [roles, setRoles] = useState<readonly string[]>(membershipRequires.roles)
  const [rows, setRows] = useState<readonly LabelRow[]>(
    Object.entries(membershipRequires.traits).map(([key, values]) => ({ key, values })),
  )
  const wanted = {
    roles: [...roles],
    traits: Object.fromEntries(rows.map(({ key, values }) => [key, [...values]])),
  }
  const [settled] = useDebouncedValue(wanted, pauseMs)
  const isSettled = JSON.stringify(settled) === JSON.stringify(wanted)
  const effect = useQuery({
    queryKey: ['check', 'requirements', name, revision, settled],
    queryFn: () => putRequirements(name, { ...settled, revision, dryRun: true }),
    enabled: isSettled,
    retry: false,
    gcTime: 0,
  })
  const save = useMutation({
    mutationFn: () => putRequirements(name, { ...wanted, revision }),
    onSuccess: () => {
      onClose()
      void forgetResources()
    },
  })
  const isStale = [save.error, effect.error].some((error) => isProblem(error, 'REVISION_MISMATCH'))
  // What it asks now is read again; what was entered here stays.
  useEffect(() => {
    if (isStale) void client.invalidateQueries({ queryKey: listDetailQuery(name).queryKey })
  }, [isStale, client, name])
  const isSame = JSON.stringify(wanted) === JSON.stringify(membershipRequires)
  const lose = effect.data?.lose ?? []
  const count = lose.length + (effect.data?.moreLose ?? 0)
  return (
    <Stack className="gh-panel gh-part" maw={720}>
      <PeoplePicker
        kind="role"
        label="Roles that members need"
        noun="role"
        none="No role is needed."
        people={roles}
        onChange={setRoles}
      />
      <div>
        <Text fw={500} mb={4}>
          Traits that members need
        </Text>
        <LabelRows
          rows={rows}
          onChange={setRows}
          noun="trait"
          keyPlaceholder="team"
          valuePlaceholder="platform, then Enter"
        />
      </div>
      <div role="status" className="gh-effect">
        {effect.data && isSettled ? (
          <>
            <Text>
              {count === 0
                ? 'Everyone who is in counts.'
                : `${nameSome(lose)}${effect.data.moreLose > 0 ? ' and more' : ''} ${count === 1 ? 'does' : 'do'} not count then: ${countPeople(count)} without what the list gives, here and in AWS.`}
            </Text>
            {count > 2 ? (
              <Text size="sm" c="dimmed" className="gh-clamp" title={lose.join(', ')}>
                {lose.join(', ')}
              </Text>
            ) : null}
          </>
        ) : effect.error ? null : (
          <Text c="dimmed">Reading what this would do …</Text>
        )}
      </div>
      {isStale || revision !== begun ? (
        <Alert color="amber" icon={<WarningIcon />} role="alert" title="The list was changed in the meantime">
          <Text size="sm" mb={4}>
            What you entered is still here; saving it replaces what the list asks now:
          </Text>
          <Holdings of={membershipRequires} label="Requirements now" none="Nothing." />
        </Alert>
      ) : null}
      <FormError error={isStale ? undefined : (save.error ?? effect.error)} />
      <Group>
        <Button
          {...(count > 0 && { color: 'red' })}
          onClick={() => save.mutate()}
          loading={save.isPending}
          disabled={isSame || !isSettled || effect.data === undefined}
        >
          {count > 0 ? `Save: ${countPeople(count)} without it` : 'Save what members need'}
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </Stack>
  )
}
