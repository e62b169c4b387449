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
import type { PlanAnswer } from '../../api/contract/identity-center-plan.js'
import { isProblem } from '../api/client.js'
import { approvePlan } from '../api/identity-center.js'
import { rights, useRight } from '../api/session.js'
import { formatCount } from '../ui/format.js'
import { SearchIcon } from '../ui/Icons.js'
import { MoreRows } from '../ui/MoreRows.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { FormError } from '../ui/States.js'

type Action = PlanAnswer['actions'][number]

interface PlanActionsProps {
  plugin: string
  plan: PlanAnswer
  actions: readonly Action[]
  list: ComponentProps<typeof MoreRows>['list']
}

const pauseMs = 250
const creationsAtOnce = 5
const peopleAtOnce = 10
const isHeld = ({ holds, approvedBy }: Action) => holds.length > 0 && approvedBy === undefined

export function PlanActions({ plugin, plan, actions, list }: PlanActionsProps) {
  const [search, setSearch] = useSearchParams()
  const [text, setText] = useState(search.get('q') ?? '')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [unfolded, setUnfolded] = useState(false)
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
  // Many people made anew hide what matters.
  const isCreation = ({ kind, notBefore }: Action) => kind === 'user.create' && notBefore === undefined
  const creations = actions.filter((action) => isCreation(action) && !isHeld(action))
  const folded = unfolded || filtered || creations.length <= creationsAtOnce ? [] : creations
  const shown = folded.length === 0 ? actions : actions.filter((action) => !folded.includes(action))
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
          {shown.map((action) => (
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
          {folded.length > 0 ? (
            <li>
              <button type="button" className="gh-plain-button" onClick={() => setUnfolded(true)}>
                Create {formatCount(folded.length, 'user')}: {sampleOf(folded)}
              </button>
            </li>
          ) : null}
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

/** "dev@example.com, mfa@example.com, auditor@example.com and 37 more". */
function sampleOf(creations: readonly Action[]): string {
  const names = creations.slice(0, 3).map(({ says }) => says.replace(/^Create user /, ''))
  const more = creations.length - names.length
  return `${names.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}. Show all`
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
      <People people={action.people ?? []} />
      {(action.attributes ?? []).map(({ attribute, from, to }) => (
        <Text key={attribute} size="sm">
          {attribute}: {from === undefined ? 'nothing' : `“${from}”`} → “{to}”
        </Text>
      ))}
      {action.holds.map(({ rule, says }) => (
        <Text key={rule} size="sm">
          Held: {says}
        </Text>
      ))}
      {action.refuse ? (
        <Text size="sm" c="dimmed">
          {action.refuse}
        </Text>
      ) : null}
      {action.notBefore ? (
        <Text size="sm">
          It failed, and is tried again <RelativeTime at={action.notBefore} />; the status says why.
        </Text>
      ) : null}
    </div>
  )
}

/** Who is meant: a few at once, many when asked for. One alone stands in the words already. */
function People({ people }: { people: readonly string[] }) {
  if (people.length < 2) return null
  const names = (
    <Text size="sm" className="gh-break">
      {people.join(', ')}
    </Text>
  )
  if (people.length <= peopleAtOnce) return names
  return (
    <details>
      <summary>
        {people.slice(0, 3).join(', ')} and {(people.length - 3).toLocaleString('en')} more
      </summary>
      {names}
    </details>
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
