/**
 * @module `gatehouse acl reviews`: the reviews of an access list that are finished, the one that is under way, and a
 * review by one command. What it would change, in AWS too, is shown before anybody is taken out.
 */
import type { Command } from 'commander'
import {
  paths,
  reviewAnswer,
  reviewsAnswer,
  submitReviewAnswer,
  type ReviewAnswer,
  type SubmitReviewAnswer,
} from '../../api/contract.js'
import { aclPath, clientOf, countOf, showItems, whoIs, withItems, type ItemsOptions } from '../acl/list.js'
import { describeReviewState } from '../acl/list-text.js'
import { readPages } from '../awsic/plugin.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ClientOptions } from '../client.js'
import { confirm } from '../confirm.js'
import { parseCount } from '../count.js'
import { withMfa, type MfaOptions } from '../mfa.js'
import { printable } from '../printable.js'

export function addAclReviews(acl: Command, surroundings: CliSurroundings): void {
  const reviews = acl.command('reviews').description('reviews of an access list')
  addLs(reviews, surroundings)
  addShow(reviews, surroundings)
  addCreate(reviews, surroundings)
}

function addLs(reviews: Command, surroundings: CliSurroundings): void {
  withItems(reviews.command('ls').description('the finished ones, newest first'))
    .argument('<list>', 'name of the access list')
    .action(async (list: string, options: ItemsOptions) => {
      const client = await clientOf(options, surroundings)
      const { items, more } = await readPages(parseCount('--limit', options.limit), async (cursor, limit) =>
        reviewsAnswer.parse(await client.get(aclPath(paths.listReviews, list), { cursor, limit })),
      )
      const shown = {
        items,
        more,
        titles: ['When', 'Due', 'By', 'Kept', 'Removed', 'Next', 'Notes'],
        row: (review: (typeof items)[number]) => [
          review.reviewedAt.slice(0, 10),
          review.dueAt?.slice(0, 10) ?? '',
          review.reviewers.join(', '),
          String(review.kept),
          review.removed.map(whoIs).join(', '),
          review.nextDueAt?.slice(0, 10) ?? '',
          review.notes,
        ],
      }
      showItems(shown, options, surroundings)
    })
}

function addShow(reviews: Command, surroundings: CliSurroundings): void {
  const { err } = surroundings
  withItems(reviews.command('show').description('the one under way: who is in, and what is decided so far'))
    .argument('<list>', 'name of the access list')
    .action(async (list: string, options: ItemsOptions) => {
      const client = await clientOf(options, surroundings)
      const { search } = options
      let latest: ReviewAnswer | undefined
      const { items, more } = await readPages(parseCount('--limit', options.limit), async (cursor, limit) => {
        const answer = await client.get(aclPath(paths.listReview, list), { search, cursor, limit })
        return (latest = reviewAnswer.parse(answer))
      })
      const shown = {
        items,
        more,
        titles: ['Member', 'Decided', 'By', 'Since', 'Ends', 'Last in AWS', 'Reason', 'Note'],
        row: (member: (typeof items)[number]) => [
          whoIs(member),
          decisionOf(member),
          member.decidedBy ?? '',
          member.joinedAt.slice(0, 10),
          member.expiresAt ?? 'never',
          member.kind === 'list' ? '' : (member.lastAwsSignIn ?? 'never'),
          member.reason,
          member.note ?? '',
        ],
      }
      showItems(shown, options, surroundings)
      if (latest !== undefined && options.format === 'text' && !options.json) err(printable(progress(latest)))
    })
}

/** "open (bob@example.com, who may not review it any more, said keep)" of what does not count any more. */
function decisionOf({ decision, lapsed }: ReviewAnswer['items'][number]): string {
  if (decision !== undefined || lapsed === undefined) return decision ?? 'open'
  return `open (${lapsed.decidedBy}, who may not review it any more, said ${lapsed.decision})`
}

function progress({ review, kept, removed, nextDueAt }: ReviewAnswer): string {
  const state = describeReviewState(review)
  const next = nextDueAt === undefined ? '' : ` The one after it would be due ${nextDueAt.slice(0, 10)}.`
  const decided = `${kept} kept, ${removed} to be removed, ${review.toDecide - review.decided} open.`
  return `${state === '' ? '' : `Review: ${state}. `}${decided}${next}`
}

interface CreateOptions extends ClientOptions, MfaOptions {
  readonly notes?: string
  readonly removeMembers?: string
  readonly removeLists?: string
  readonly keepRest?: true
  readonly dryRun?: true
  readonly yes?: true
  readonly json?: true
}

function addCreate(reviews: Command, surroundings: CliSurroundings): void {
  const create = reviews.command('create').description('finish a review; asks before anybody is taken out')
  withMfa(withConnection(create))
    .argument('<list>', 'name of the access list')
    .option('--notes <text>', 'what is kept with the review')
    .option('--remove-members <names>', 'users to take out, by commas, beside those already decided on')
    .option('--remove-lists <names>', 'nested lists to take out, by commas')
    .option('--keep-rest', 'keep everybody who is not decided on')
    .option('--dry-run', 'show what would change, in AWS too, and change nothing')
    .option('--yes', 'without asking')
    .option('--json', 'the answer as one JSON object; does not ask')
    .addHelpText(
      'after',
      '\nExample:\n  gatehouse acl reviews create on-call --remove-members bob@example.com --keep-rest --notes "Q4"',
    )
    .action(async (list: string, options: CreateOptions) => {
      await createReview(list, options, surroundings)
    })
}

async function createReview(
  list: string,
  options: CreateOptions,
  surroundings: CliSurroundings,
): Promise<void> {
  const { out } = surroundings
  const client = await clientOf(options, surroundings)
  let digest = options.keepRest ? await tellProgress(client, list, options, surroundings) : undefined
  const submit = async (dryRun: boolean) =>
    submitReviewAnswer.parse(
      await client.post(aclPath(paths.submitReview, list), {
        ...(options.notes !== undefined && { notes: options.notes }),
        keepRest: options.keepRest ?? false,
        remove: [
          ...namesIn(options.removeMembers).map((name) => ({ kind: 'user', name })),
          ...namesIn(options.removeLists).map((name) => ({ kind: 'list', name })),
        ],
        ...(digest !== undefined && { digest }),
        dryRun,
      }),
    )
  const preview = await submit(true)
  digest = preview.digest
  if (await isAgreed(list, preview, options, surroundings)) {
    const done = await submit(false)
    if (options.json) out(JSON.stringify(done))
    else for (const line of describe(list, done)) out(line)
  }
}

/** How many are kept by not having been decided on: told before. Answers what was looked at. */
async function tellProgress(
  client: Awaited<ReturnType<typeof clientOf>>,
  list: string,
  { json }: CreateOptions,
  { err }: CliSurroundings,
): Promise<string> {
  const answer = reviewAnswer.parse(await client.get(aclPath(paths.listReview, list), { limit: '1' }))
  if (!json) err(printable(progress(answer)))
  return answer.digest
}

/** Tells what would change, and asks where somebody would be taken out. */
async function isAgreed(
  list: string,
  preview: SubmitReviewAnswer,
  { dryRun, json, yes }: CreateOptions,
  { out, ask }: CliSurroundings,
): Promise<boolean> {
  if (json) {
    if (dryRun) out(JSON.stringify(preview))
    return !dryRun
  }
  if (dryRun || !yes) for (const line of describe(list, preview)) out(line)
  const { removed } = preview
  const question = `Remove ${countOf(removed.length, 'member', 'members')} from ${list}?`
  const agreed = !dryRun && (yes || removed.length === 0 || (await confirm(ask, printable(question))))
  if (!agreed) out(`Nothing was changed${dryRun ? ': this was a dry run' : ''}.`)
  return agreed
}

function namesIn(text = ''): string[] {
  return text.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
}

function describe(list: string, answer: SubmitReviewAnswer): string[] {
  const { dryRun, kept, removed, inAws, changes, nextDueAt, patch } = answer
  const next = nextDueAt === undefined ? '' : `; next due ${nextDueAt.slice(0, 10)}`
  const lines = [
    `Review of ${list} ${dryRun ? 'would be' : 'was'} finished: ${kept} kept, ${removed.length} removed${next}.`,
    ...removed.map((one) => `  - ${whoIs(one)}`),
    ...changes.map((change) => `  ${change}`),
    ...(inAws.length === 0 ? [] : ['In AWS:', ...inAws.map((one) => `  ${one}`)]),
  ]
  const text = patch === undefined ? [] : ['', printable(patch.trimEnd(), { multiline: true })]
  return [...lines.map((line) => printable(line)), ...text]
}
