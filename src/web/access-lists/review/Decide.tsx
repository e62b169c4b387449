/** @module The members of a list under review: each is kept or removed, by click or by key, alone or with others. */
import { Button, Group, SegmentedControl, Skeleton, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { ListDetail } from '../../../api/contract/access-lists.js'
import type { ApiProblem } from '../../api/client.js'
import type { Decision, Decisions, ReviewMember, Shown } from '../../api/list-reviews.js'
import { formatCount } from '../../ui/format.js'
import { SearchIcon } from '../../ui/Icons.js'
import { EmptyState, ErrorState, FormError } from '../../ui/States.js'
import { VirtualCards } from '../../ui/VirtualCards.js'
import { keyOfMember } from '../member-key.js'
import { DecideBar } from './DecideBar.js'
import { ReviewRow } from './ReviewRow.js'
import { useDecisions } from './use-decisions.js'

const pauseMs = 250
const shows: readonly Shown[] = ['all', 'open', 'keep', 'remove']

interface DecideProps {
  detail: ListDetail
  /** How many members it has. */
  count: number
  onFinished: (problem: ApiProblem, unsaved: Decisions) => void
  onNext: () => void
}

export function Decide({ detail, count, onFinished, onNext }: DecideProps) {
  const [url, setUrl] = useSearchParams()
  const show = shows.find((one) => one === url.get('show')) ?? 'all'
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), pauseMs)
  const tools = useDecisions({ list: detail.name, count, onFinished }, { search, show })
  const { members, counts, query } = tools
  const [chosen, setChosen] = useState<ReadonlyMap<string, ReviewMember>>(new Map())
  const { active, setActive, frame, move } = useActiveRow(members.length)
  const { fetchNextPage } = query
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const choose = (member: ReviewMember) =>
    setChosen((before) => {
      const after = new Map(before)
      if (!after.delete(keyOfMember(member))) after.set(keyOfMember(member), member)
      return after
    })
  const decide = (index: number, decision: Decision, goesOn: boolean) => {
    const member = members[index]
    if (member === undefined) return
    tools.decide([member], decision)
    if (goesOn) move(index + 1)
  }
  function onKey(event: React.KeyboardEvent, index: number): void {
    const member = members[index]
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !member) return
    const acts: Readonly<Record<string, () => void>> = {
      k: () => decide(index, 'keep', true),
      r: () => decide(index, 'remove', true),
      u: () => decide(index, 'open', false),
      x: () => choose(member),
      arrowdown: () => move(index + 1),
      arrowup: () => move(index - 1),
    }
    const act = acts[event.key.toLowerCase()]
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  return (
    <>
      <div className="gh-list-tools">
        <TextInput
          aria-label="Search members"
          placeholder="Search members"
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          style={{ flex: '1 1 200px', maxWidth: 300 }}
        />
        <SegmentedControl
          aria-label="Which members"
          value={show}
          onChange={(value) => {
            setActive(0)
            setUrl(value === 'all' ? {} : { show: value }, { replace: true, preventScrollReset: true })
          }}
          data={[
            { value: 'all', label: 'All' },
            { value: 'open', label: 'Open' },
            { value: 'keep', label: 'Keep' },
            { value: 'remove', label: 'Remove' },
          ]}
        />
        {counts.open > 0 ? (
          <Button variant="default" onClick={tools.keepRest}>
            {counts.kept + counts.removed === 0
              ? `Keep all ${counts.open.toLocaleString('en')}`
              : counts.open === 1
                ? 'Keep the other one'
                : `Keep the other ${counts.open.toLocaleString('en')}`}
          </Button>
        ) : null}
      </div>
      <Text size="sm" c="dimmed" mb="xs" className="gh-keys">
        On a member: <kbd>K</kbd> keeps, <kbd>R</kbd> removes, <kbd>U</kbd> takes it back, <kbd>X</kbd>{' '}
        chooses, <kbd>↑</kbd> <kbd>↓</kbd> move.
      </Text>
      <FormError error={tools.error} />
      <div ref={frame}>
        {query.isPending ? (
          <Skeleton h={320} role="status" aria-label="Loading members" />
        ) : !query.data ? (
          <ErrorState
            error={query.error}
            what="The members could not be read"
            onRetry={() => void query.refetch()}
          />
        ) : members.length === 0 ? (
          <Nobody show={show} searched={search !== ''} open={counts.open} />
        ) : (
          <VirtualCards
            label="Members to review"
            items={members}
            itemKey={keyOfMember}
            estimate={76}
            gap={6}
            total={tools.total}
            hasMore={query.hasNextPage}
            loadingMore={query.isFetchingNextPage}
            onMore={more}
          >
            {(member, index) => (
              <ReviewRow
                member={member}
                index={index}
                isActive={index === Math.min(active, members.length - 1)}
                isChosen={chosen.has(keyOfMember(member))}
                onKey={onKey}
                onActive={setActive}
                onChoose={choose}
                onDecide={(decision) => decide(index, decision, false)}
                onNote={(note) => tools.decide([member], member.decision ?? 'open', note)}
              />
            )}
          </VirtualCards>
        )}
      </div>
      <DecideBar
        tools={tools}
        chosen={[...chosen.values()]}
        onChosenDone={() => setChosen(new Map())}
        onNext={onNext}
      />
    </>
  )
}

function Nobody({ show, searched, open }: { show: Shown; searched: boolean; open: number }) {
  if (searched) return <EmptyState title="Nobody matches">Search looks at names and reasons.</EmptyState>
  if (show === 'open')
    return (
      <EmptyState title="Everybody is decided on">
        {open === 0
          ? 'See what changes, then finish the review.'
          : `${formatCount(open, 'member')} are open.`}
      </EmptyState>
    )
  return (
    <EmptyState title={show === 'remove' ? 'Nobody is to be removed yet' : 'Nobody is kept yet'}>
      <Group>Decide under All or Open.</Group>
    </EmptyState>
  )
}

/** Whether keys are letters here. */
function isTyping(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.matches('textarea, input:not([type="checkbox"])')
}

/** One row is reached by Tab, the others by arrows; the focus follows. */
function useActiveRow(count: number) {
  const [active, setActive] = useState(0)
  const frame = useRef<HTMLDivElement>(null)
  const follows = useRef(false)
  useEffect(() => {
    if (!follows.current) return
    follows.current = false
    const row = frame.current?.querySelector<HTMLElement>(`[data-row="${active}"]`)
    row?.focus({ preventScroll: true })
    row?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return {
    active,
    setActive,
    frame,
    move: (to: number) => {
      const next = Math.min(Math.max(to, 0), count - 1)
      if (next === active) return
      follows.current = true
      setActive(next)
    },
  }
}
