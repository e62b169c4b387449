/** @module The plan: what would change in AWS, who gains and loses, what is held for a person, and the button that applies it. */
import { Alert, Button, Group, List, Modal, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { PlanAnswer } from '../../api/contract/identity-center-plan.js'
import { isProblem } from '../api/client.js'
import { applyPlan, planQuery } from '../api/identity-center.js'
import { forgetResources } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import { useJob } from '../api/use-job.js'
import { formatCount } from '../ui/format.js'
import { CheckIcon, InfoIcon, WarningIcon } from '../ui/Icons.js'
import { applyLabel } from '../ui/identity-center-words.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState, FormError } from '../ui/States.js'
import { JobProgress } from './JobProgress.js'
import { PlanActions } from './PlanActions.js'
import { PlanEffects } from './PlanEffects.js'
import { RestoredPlan } from './RestoredPlan.js'

export function PlanView({ plugin }: { plugin: string }) {
  const [search] = useSearchParams()
  const show = search.get('show') === 'held' ? 'held' : 'all'
  const plan = useInfiniteQuery(planQuery(plugin, { show, search: search.get('q') ?? '' }))
  const job = useJob(plugin)
  const first = plan.data?.pages[0]
  if (plan.isPending) return <Skeleton h={320} role="status" aria-label="Making the plan" />
  if (!first) {
    return (
      <ErrorState error={plan.error} what="The plan could not be made" onRetry={() => void plan.refetch()} />
    )
  }
  return (
    <Stack gap="lg">
      <JobProgress job={job} kinds={['apply', 'scan']} />
      {first.restored ? <RestoredPlan plugin={plugin} plan={first} restored={first.restored} /> : null}
      {first.readAt ? (
        <>
          <Summary
            plugin={plugin}
            plan={first}
            onAgain={() => void plan.refetch()}
            again={plan.isFetching}
            busy={job?.state === 'running'}
          />
          <PlanActions
            plugin={plugin}
            list={plan}
            actions={(plan.data?.pages ?? []).flatMap(({ actions }) => actions)}
            plan={first}
          />
          <PlanEffects effects={first.effects} more={first.moreEffects} />
          <Beside plan={first} />
        </>
      ) : first.restored ? null : (
        <EmptyState title="AWS has not been read yet">
          A plan compares what Gatehouse says with what AWS has. Read AWS in the step Preview and import
          first.
        </EmptyState>
      )}
    </Stack>
  )
}

interface SummaryProps {
  plugin: string
  plan: PlanAnswer
  onAgain: () => void
  again: boolean
  /** Other work is under way. */
  busy: boolean
}

function Summary({ plugin, plan, onAgain, again, busy }: SummaryProps) {
  const [asking, setAsking] = useState(false)
  const mayUpdate = useRight(rights.updatePlugins)
  const all = plan.counts.reduce((sum, one) => sum + one.all, 0)
  const held = plan.counts.reduce((sum, one) => sum + one.held, 0)
  const paused = plan.sync === 'paused'
  const { unfinished } = plan
  return (
    <section aria-label="Summary">
      <Text c="dimmed" mb="sm" role="status">
        {plan.readAt ? (
          <>
            AWS was read <RelativeTime at={plan.readAt} />; the plan was made{' '}
            <RelativeTime at={plan.madeAt} />.{' '}
          </>
        ) : null}
        {paused ? 'The sync is paused: nothing changes until you apply.' : 'The sync is on.'}
      </Text>
      {unfinished ? (
        <Alert
          color="amber"
          icon={<WarningIcon />}
          title="AWS is not yet what Gatehouse says"
          role="status"
          mb="sm"
        >
          {unfinished.says}{' '}
          {unfinished.nextAt ? (
            <>
              Next try <RelativeTime at={unfinished.nextAt} />.
            </>
          ) : null}
        </Alert>
      ) : null}
      {plan.binds ? <Binds binds={plan.binds} /> : null}
      {all === 0 && unfinished ? null : all === 0 ? (
        <Alert color="green" icon={<CheckIcon />} role="status" mb="sm">
          {plan.setAside.length > 0 || plan.drift.length > 0
            ? 'Nothing is to be changed; what is left alone stands below.'
            : 'AWS is what Gatehouse says, as it was last read. Nothing has to change.'}
        </Alert>
      ) : (
        <ul className="gh-counts" aria-label="Changes by kind">
          {plan.counts.map(({ kind, says, all: count, held: waits }) => (
            <li key={kind} className="gh-panel">
              <b>{count.toLocaleString('en')}</b>
              <span>{says}</span>
              {waits > 0 ? <span className="gh-held-note">{waits.toLocaleString('en')} held</span> : null}
            </li>
          ))}
        </ul>
      )}
      <Group gap="sm">
        {paused || all > held ? (
          <Button onClick={() => setAsking(true)} disabled={!mayUpdate || busy}>
            {paused ? `${applyLabel({ all, held })} …` : 'Apply now …'}
          </Button>
        ) : null}
        <Button variant="default" onClick={onAgain} loading={again}>
          Plan again
        </Button>
      </Group>
      {asking ? (
        <Apply plugin={plugin} plan={plan} all={all} held={held} onClose={() => setAsking(false)} />
      ) : null}
    </section>
  )
}

/** Agreeing to the plan is agreeing to this, so it is told before, by name. */
function Binds({ binds: { users, more } }: { binds: NonNullable<PlanAnswer['binds']> }) {
  const count = users.length + more
  const names = (
    <Text className="gh-break" mt={4}>
      {users.join(', ')}
      {more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}
    </Text>
  )
  return (
    <Alert
      icon={<InfoIcon />}
      role="note"
      mb="sm"
      title={
        count === 1
          ? '1 user in AWS is taken for the user here of exactly that name'
          : `${count.toLocaleString('en')} users in AWS are taken for the users here of exactly their name`
      }
    >
      From then on Gatehouse keeps their attributes, locks and deletes them there as here. If it is not the
      same person, rename one of them first.
      {count <= bindsAtOnce ? (
        names
      ) : (
        <details>
          <summary>
            {users.slice(0, 3).join(', ')} and {(count - 3).toLocaleString('en')} more
          </summary>
          {names}
        </details>
      )}
    </Alert>
  )
}

const bindsAtOnce = 10

/** So many people are named; more are counted. */
const namedAtOnce = 5

interface ApplyProps {
  plugin: string
  plan: PlanAnswer
  all: number
  held: number
  onClose: () => void
}

function Apply({ plugin, plan, all, held, onClose }: ApplyProps) {
  const client = useQueryClient()
  const apply = useMutation({
    mutationFn: () => applyPlan(plugin, plan.heldDigest),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['awsic', plugin] })
      void forgetResources()
      onClose()
    },
    // The plan moved on: what stands behind the dialog is read anew.
    onError: async (error) => {
      if (isProblem(error, 'PLAN_CHANGED')) await client.invalidateQueries({ queryKey: ['awsic', plugin] })
    },
  })
  const hit = (change: 'gains' | 'loses', one: string, many: string): string => {
    const people = new Set(
      plan.effects.filter((effect) => effect.change === change && !effect.held).map(({ person }) => person),
    )
    if (people.size === 0) return `nobody ${one}`
    const names = people.size <= namedAtOnce ? ` (${[...people].join(', ')})` : ''
    return `${formatCount(people.size, 'user')}${names} ${people.size === 1 ? one : many}`
  }
  const paused = plan.sync === 'paused'
  return (
    <Modal opened onClose={onClose} title={`${applyLabel({ all, held })}?`}>
      <Stack>
        <List spacing={4}>
          <List.Item>
            {formatCount(all - held, 'change')} in AWS: {hit('gains', 'gains access', 'gain access')},{' '}
            {hit('loses', 'loses some', 'lose some')}
            {plan.moreEffects > 0
              ? `, and ${plan.moreEffects.toLocaleString('en')} effects are not shown`
              : ''}
            .
          </List.Item>
          {plan.binds ? (
            <List.Item>
              {formatCount(plan.binds.users.length + plan.binds.more, 'user')} in AWS{' '}
              {plan.binds.users.length + plan.binds.more === 1
                ? `is taken for the user here of exactly that name (${plan.binds.users.join(', ')})`
                : 'are taken for the users here of exactly their name, as the page lists them'}
              .
            </List.Item>
          ) : null}
          {held > 0 ? (
            <List.Item>
              {formatCount(held, 'change')} {held === 1 ? 'stays' : 'stay'} held until somebody approves
              exactly {held === 1 ? 'it' : 'them'}.
            </List.Item>
          ) : null}
          {paused ? (
            <List.Item>
              From then on Gatehouse is the truth: what it says is kept in AWS, and changes made by hand there
              on what it owns are undone or reported.
            </List.Item>
          ) : null}
        </List>
        <FormError error={apply.error} />
        <Group>
          <Button onClick={() => apply.mutate()} loading={apply.isPending}>
            {applyLabel({ all, held })}
          </Button>
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** What stands beside the actions: set aside, drift, notes. */
function Beside({ plan: { setAside, drift, notes } }: { plan: PlanAnswer }) {
  return (
    <>
      {setAside.length > 0 ? (
        <section aria-label="Set aside">
          <Title order={2} mb={4}>
            Set aside
          </Title>
          <Text c="dimmed" mb="xs">
            Each has a cause that a person mends. Until then it is left as it is in AWS, and the others go on.
          </Text>
          <ul className="gh-panel gh-rows" aria-label="Set aside">
            {setAside.map(({ kind, name, says, remedy }) => (
              <li key={`${kind} ${name}`}>
                <div>
                  <Text fw={500}>
                    {kind} {name}
                  </Text>
                  <Text size="sm">{says}</Text>
                  <Text size="sm" c="dimmed">
                    {remedy}
                  </Text>
                </div>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {drift.length > 0 ? (
        <Alert color="amber" icon={<WarningIcon />} title="Changed by hand in AWS" role="status">
          <List>
            {drift.map(({ says, reverted, held }) => (
              <List.Item key={says}>
                {says}{' '}
                {held
                  ? 'Undoing it waits for an approval.'
                  : reverted
                    ? 'It will be undone.'
                    : 'It is only reported.'}
              </List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
      {notes.length > 0 ? (
        <Alert icon={<InfoIcon />} title="Notes" role="note">
          <List>
            {notes.map((note) => (
              <List.Item key={note}>{note}</List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
    </>
  )
}
