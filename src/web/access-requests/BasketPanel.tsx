/**
 * @module What is about to be asked for: the items, why, for how long, from when, who will decide. Every change is
 * judged by the server without asking yet; what speaks against an item stands at the item.
 */
import { Button, Group, List, Skeleton, Stack, Text, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useMemo } from 'react'
import { useNavigate } from 'react-router'
import {
  askCheckQuery,
  askForAccess,
  forgetRequests,
  requestCapsQuery,
  type AskInput,
} from '../api/access-requests.js'
import { pagePaths } from '../path-builder.js'
import { formatCount } from '../ui/format.js'
import { durationWords } from '../ui/request-words.js'
import { FormError } from '../ui/States.js'
import { BasketItems } from './BasketItems.js'
import { problemsOf } from './ask-problems.js'
import { StartField } from './StartField.js'
import { emptyBasket, keyOf, removeItems, type Basket } from './basket.js'
import { DurationChips } from './DurationChips.js'
import { ReviewersLine } from './ReviewersLine.js'
import { SaveTemplate } from './SaveTemplate.js'
import type { ChangeBasket } from './use-basket.js'

const pauseMs = 300

function toInput({ items, reason, duration, startAt }: Basket): AskInput {
  return {
    items: items.map(({ input }) => input),
    reason: reason.trim(),
    ...(duration !== undefined && { duration }),
    ...(startAt !== undefined && { startAt }),
  }
}

export function BasketPanel({ basket, change }: { basket: Basket; change: ChangeBasket }) {
  const goTo = useNavigate()
  const promptsId = useId()
  const caps = useQuery(requestCapsQuery).data
  const { items, duration, startAt } = basket
  // The reason does not change the terms; every letter of it would ask anew.
  const wanted = useMemo(() => toInput({ items, duration, startAt, reason: '' }), [items, duration, startAt])
  const [asked] = useDebouncedValue(wanted, pauseMs)
  const check = useQuery({ ...askCheckQuery(asked), enabled: items.length > 0 && asked.items.length > 0 })
  const ask = useMutation({
    mutationFn: (of: AskInput) => askForAccess({ ...of, reason: basket.reason.trim() }),
    onSuccess: ({ request }) => {
      change(() => emptyBasket)
      forgetRequests()
      if (request.id !== undefined) void goTo(pagePaths.accessRequest(request.id))
    },
  })
  // Of what was changed since, nothing is known yet.
  const errorNow =
    asked !== wanted ? undefined : ask.variables === wanted ? (ask.error ?? check.error) : check.error
  const problems = problemsOf(errorNow)
  const refused = basket.items.filter((_, at) => problems.items.has(at))
  const terms = check.data
  const needsReason = terms?.reasonRequired ?? caps?.reasonRequired ?? false
  const prompts = terms?.prompts ?? caps?.prompts ?? []
  const count = formatCount(basket.items.length, 'item')
  if (basket.items.length === 0) {
    return (
      <Text c="dimmed">
        Nothing yet. Tick what you need, in as many accounts as you need it; all of it is one request.
      </Text>
    )
  }
  return (
    <form
      className="gh-basket-form"
      onSubmit={(event) => {
        event.preventDefault()
        ask.mutate(wanted)
      }}
    >
      <BasketItems items={items} problems={problems.items} change={change} />
      {refused.length > 0 && refused.length < basket.items.length ? (
        <Button
          variant="default"
          size="xs"
          onClick={() =>
            change((before) => removeItems(before, new Set(refused.map(({ input }) => keyOf(input)))))
          }
        >
          Leave out the {formatCount(refused.length, 'item')} that cannot be asked for
        </Button>
      ) : null}
      <Stack gap={4}>
        {prompts.length > 0 ? (
          <List size="sm" id={promptsId} aria-label="What reviewers want to know">
            {prompts.map((prompt) => (
              <List.Item key={prompt}>{prompt}</List.Item>
            ))}
          </List>
        ) : null}
        <Textarea
          label="Reason"
          required={needsReason}
          withAsterisk={needsReason}
          description={needsReason ? undefined : 'Reviewers see it; it is in the audit log.'}
          aria-describedby={prompts.length > 0 ? promptsId : undefined}
          maxLength={2000}
          autosize
          minRows={2}
          maxRows={8}
          value={basket.reason}
          onChange={(event) => {
            const reason = event.currentTarget.value
            change((before) => ({ ...before, reason }))
          }}
        />
      </Stack>
      <DurationChips
        durations={terms?.durations ?? []}
        value={basket.duration ?? terms?.request.duration}
        loading={check.isPending}
        onChange={(duration) => change((before) => ({ ...before, duration }))}
      />
      <StartField startAt={startAt} onChange={(at) => change((before) => ({ ...before, startAt: at }))} />
      {terms ? (
        <ReviewersLine reviewers={terms.reviewers} />
      ) : check.isPending ? (
        <Skeleton h={20} role="status" aria-label="Asking who will review" />
      ) : null}
      {terms && terms.notes.length > 0 ? (
        <List size="sm" className="gh-notes" aria-label="Worth knowing">
          {terms.notes.map((note) => (
            <List.Item key={note}>{note}</List.Item>
          ))}
        </List>
      ) : null}
      {problems.rest ? <FormError error={problems.rest} /> : null}
      <Group gap="xs">
        <Button
          type="submit"
          loading={ask.isPending}
          disabled={(needsReason && basket.reason.trim() === '') || problems.items.size > 0}
        >
          Ask for {count}
          {(basket.duration ?? terms?.request.duration)
            ? `, ${durationWords(basket.duration ?? terms?.request.duration ?? '')}`
            : ''}
        </Button>
        <SaveTemplate basket={basket} />
      </Group>
      {needsReason && basket.reason.trim() === '' ? (
        <Text size="xs" c="dimmed">
          It needs a reason.
        </Text>
      ) : null}
    </form>
  )
}
