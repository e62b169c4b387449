/** @module The actions of a plan with their reasons. What the guard holds can be chosen and approved, exactly as seen. */
import {
  Badge,
  Button,
  Checkbox,
  Group,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ComponentProps } from 'react'
import { useSearchParams } from 'react-router'
import type { PlanAnswer } from '../../api/contract/identity-center.js'
import { isProblem } from '../api/client.js'
import { approvePlan } from '../api/identity-center.js'
import { rights, useRight } from '../api/session.js'
import { formatCount } from '../ui/format.js'
import { SearchIcon } from '../ui/Icons.js'
import { MoreRows } from '../ui/MoreRows.js'
import { FormError } from '../ui/States.js'

type Action = PlanAnswer['actions'][number]

interface PlanActionsProps {
  plugin: string
  plan: PlanAnswer
  actions: readonly Action[]
  list: ComponentProps<typeof MoreRows>['list']
}

const pauseMs = 250
const isHeld = ({ holds, approvedBy }: Action) => holds.length > 0 && approvedBy === undefined

export function PlanActions({ plugin, plan, actions, list }: PlanActionsProps) {
  const [search, setSearch] = useSearchParams()
  const [text, setText] = useState(search.get('q') ?? '')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const mayUpdate = useRight(rights.updatePlugins)
  const change = (name: string, value: string) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        if (value === '') after.delete(name)
        else after.set(name, value)
        return after
      },
      { replace: true, preventScrollReset: true },
    )
  const changeSearch = useDebouncedCallback((value: string) => change('q', value.trim()), pauseMs)
  const heldKeys = actions.filter(isHeld).map(({ key }) => key)
  const picked = heldKeys.filter((key) => chosen.includes(key))
  const filtered = search.has('q') || search.has('show')
  if (plan.total === 0 && !filtered) return null
  return (
    <section aria-label="Actions">
      <Title order={2} mb="xs">
        What would be done
      </Title>
      <div className="gh-list-tools">
        <TextInput
          aria-label="Search the plan"
          placeholder="Search"
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            changeSearch(event.currentTarget.value)
          }}
          style={{ flex: '0 1 320px' }}
        />
        <SegmentedControl
          aria-label="Which actions"
          data={[
            { value: 'all', label: 'All' },
            { value: 'held', label: 'Held' },
          ]}
          value={search.get('show') === 'held' ? 'held' : 'all'}
          onChange={(value) => change('show', value === 'all' ? '' : value)}
        />
        <Text size="sm" c="dimmed" role="status">
          {formatCount(plan.total, 'action')}
        </Text>
      </div>
      {actions.length === 0 ? (
        <Text>{filtered ? 'No action matches.' : 'No action.'}</Text>
      ) : (
        <ul className="gh-panel gh-rows" aria-label="Actions">
          {actions.map((action) => (
            <li key={action.key}>
              <Group gap="sm" wrap="nowrap" align="flex-start">
                {isHeld(action) && mayUpdate ? (
                  <Checkbox
                    aria-label={`Choose: ${action.says}`}
                    checked={chosen.includes(action.key)}
                    onChange={(event) =>
                      setChosen(
                        event.currentTarget.checked
                          ? [...chosen, action.key]
                          : chosen.filter((key) => key !== action.key),
                      )
                    }
                    mt={2}
                  />
                ) : null}
                <Said action={action} />
              </Group>
            </li>
          ))}
        </ul>
      )}
      <MoreRows list={list} />
      {heldKeys.length > 0 && mayUpdate ? (
        <Approve
          plugin={plugin}
          digest={plan.heldDigest}
          picked={picked}
          all={heldKeys}
          onPick={setChosen}
          onDone={() => setChosen([])}
        />
      ) : null}
    </section>
  )
}

function Said({ action }: { action: Action }) {
  return (
    <div>
      <Text span fw={500}>
        {action.says}
      </Text>
      {action.removes ? (
        <Badge color="red" ml={6}>
          takes away
        </Badge>
      ) : null}
      {isHeld(action) ? (
        <Badge color="amber" ml={6}>
          held
        </Badge>
      ) : null}
      {action.approvedBy ? (
        <Badge color="green" ml={6}>
          approved by {action.approvedBy}
        </Badge>
      ) : null}
      <Text size="sm" c="dimmed">
        {action.because}
      </Text>
      {action.holds.map(({ rule, says }) => (
        <Text key={rule} size="sm">
          Held: {says}
        </Text>
      ))}
    </div>
  )
}

interface ApproveProps {
  plugin: string
  digest: string
  picked: readonly string[]
  all: readonly string[]
  onPick: (keys: readonly string[]) => void
  onDone: () => void
}

function Approve({ plugin, digest, picked, all, onPick, onDone }: ApproveProps) {
  const client = useQueryClient()
  const again = () => client.invalidateQueries({ queryKey: ['awsic', plugin] })
  const approve = useMutation({
    mutationFn: () => approvePlan(plugin, { heldDigest: digest, keys: [...picked] }),
    onSuccess: async () => {
      onDone()
      await again()
    },
    // The plan moved on: what is shown next is what an approval would mean now.
    onError: async (error) => {
      if (isProblem(error, 'PLAN_CHANGED')) await again()
    },
  })
  return (
    <Stack gap="xs" mt="md">
      <Text size="sm" c="dimmed" maw="80ch">
        What is held takes away much at once, or touches what is sensitive. Approved changes are made as soon
        as the sync is on; an approval is good for a day.
      </Text>
      <FormError error={approve.error} />
      <Group gap="sm">
        <Button onClick={() => approve.mutate()} disabled={picked.length === 0} loading={approve.isPending}>
          {picked.length === 0
            ? 'Choose what to approve'
            : `Approve ${formatCount(picked.length, 'held change')}`}
        </Button>
        <Button variant="default" onClick={() => onPick(picked.length === all.length ? [] : all)}>
          {picked.length === all.length
            ? 'Choose none'
            : `Choose all ${all.length.toLocaleString('en')} shown`}
        </Button>
      </Group>
    </Stack>
  )
}
