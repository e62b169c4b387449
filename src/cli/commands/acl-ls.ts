/** @module `gatehouse acl ls`, `get`, `people`: which access lists there are, what one is, and who is in it and why. */
import { Option, type Command } from 'commander'
import {
  listCardsAnswer,
  listDetail,
  listPeopleAnswer,
  membersAnswer,
  paths,
  resourceAnswer,
  type ListCard,
} from '../../api/contract.js'
import {
  aclPath,
  clientOf,
  listKind,
  showItems,
  showValue,
  whoIs,
  withFormat,
  withItems,
  type FormatOptions,
  type ItemsOptions,
} from '../acl/list.js'
import { describeList, describeReviewState } from '../acl/list-text.js'
import { readPages } from '../awsic/plugin.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ClientOptions } from '../client.js'
import { parseCount } from '../count.js'
import { listPath } from '../kinds.js'
import { printable } from '../printable.js'

export function addAclLs(acl: Command, surroundings: CliSurroundings): void {
  addLs(acl, surroundings)
  addGet(acl, surroundings)
  addShow(acl, surroundings)
  addPeople(acl, surroundings)
}

const filters = ['all', 'mine', 'member', 'due', 'aws', 'joinable'] as const

interface LsOptions extends ItemsOptions {
  readonly filter: (typeof filters)[number]
  readonly reviewOnly?: true
}

function addLs(acl: Command, surroundings: CliSurroundings): void {
  const filter = new Option(
    '--filter <which>',
    'mine: that you own; member: that you are in; due: yours to review now; aws: groups there; joinable',
  )
  withItems(acl.command('ls').description('list the access lists that you may see'))
    .addOption(filter.choices(filters).default('all'))
    .option('--review-only', 'those that are to be reviewed now, yours or not, the most urgent first')
    .action(async (options: LsOptions) => {
      const client = await clientOf(options, surroundings)
      const { search, filter: which, reviewOnly = false } = options
      const query = { search, filter: which, sort: reviewOnly ? 'due' : 'title' }
      const most = parseCount('--limit', options.limit)
      const { items, more } = await readPages(most, async (cursor, limit) => {
        // Of those that are to be reviewed a page may have none, however few are wanted.
        const size = reviewOnly ? '200' : limit
        const page = listCardsAnswer.parse(
          await client.get(paths.accessLists, { ...query, cursor, limit: size }),
        )
        return reviewOnly ? { ...page, items: page.items.filter(isToReview) } : page
      })
      const shown = {
        items: items.slice(0, most),
        more: more || items.length > most,
        titles: ['Name', 'Title', 'Owners', 'Members', 'Grants', 'In AWS', 'Review'],
        row: toRow,
      }
      showItems(shown, options, surroundings)
    })
}

function isToReview({ review }: ListCard): boolean {
  return review.state === 'soon' || review.state === 'overdue'
}

function toRow(card: ListCard): string[] {
  const { name, title, problem, owners, ownerCount, userCount, listCount, grantCount, inAws, review } = card
  if (problem !== undefined) return [name, `cannot be read: ${problem}`]
  const more = ownerCount > owners.length ? `, and ${ownerCount - owners.length} more` : ''
  return [
    name,
    title,
    owners.map(whoIs).join(', ') + more,
    userCount === undefined ? '' : `${userCount}${listCount ? ` and ${listCount} lists` : ''}`,
    String(grantCount),
    inAws ? 'yes' : '',
    describeReviewState(review),
  ]
}

function addGet(acl: Command, surroundings: CliSurroundings): void {
  const { out } = surroundings
  withFormat(withConnection(acl.command('get').description('one access list, as far as you may see it')))
    .argument('<list>', 'name of the access list')
    .addHelpText('after', '\nThe document as YAML, for whoever may read it: gatehouse acl show LIST')
    .action(async (list: string, options: ClientOptions & FormatOptions) => {
      const client = await clientOf(options, surroundings)
      const detail = listDetail.parse(await client.get(aclPath(paths.accessList, list)))
      if (options.json) out(JSON.stringify(detail))
      else if (options.format !== 'text') showValue(detail, options.format, surroundings)
      else for (const line of describeList(detail)) out(printable(line))
    })
}

function addShow(acl: Command, surroundings: CliSurroundings): void {
  const { out } = surroundings
  withConnection(acl.command('show').description('an access list as YAML, and how many members it has'))
    .argument('<list>', 'name of the access list')
    .action(async (list: string, options: ClientOptions) => {
      const client = await clientOf(options, surroundings)
      const path = `${listPath(listKind)}/${encodeURIComponent(list)}`
      const { yaml } = resourceAnswer.parse(await client.get(path))
      out(printable(yaml.trimEnd(), { multiline: true }))
      const { total } = membersAnswer.parse(
        await client.get(aclPath(paths.listMembers, list), { limit: '1' }),
      )
      out(printable(`# ${total} members: gatehouse acl users ls ${list}`))
    })
}

function addPeople(acl: Command, surroundings: CliSurroundings): void {
  withItems(acl.command('people').description('everybody in an access list, nested lists too, and why'))
    .argument('<list>', 'name of the access list')
    .action(async (list: string, options: ItemsOptions) => {
      const client = await clientOf(options, surroundings)
      const { search } = options
      const { items, more } = await readPages(parseCount('--limit', options.limit), async (cursor, limit) =>
        listPeopleAnswer.parse(await client.get(aclPath(paths.listPeople, list), { search, cursor, limit })),
      )
      const shown = {
        items,
        more,
        titles: ['Person', 'By', 'Counts', 'Last in AWS'],
        row: (person: (typeof items)[number]) => [
          person.name,
          person.path.map(({ name, title }) => name ?? `(${title})`).join(' > '),
          whyNot(person) ?? 'yes',
          person.lastAwsSignIn ?? 'never',
        ],
      }
      showItems(shown, options, surroundings)
    })
}

function whyNot({
  hasUser,
  isLocked,
  ineligible,
}: {
  readonly hasUser: boolean
  readonly isLocked: boolean
  readonly ineligible?: string | undefined
}): string | undefined {
  if (isLocked) return 'no: locked'
  if (ineligible !== undefined) return `no: ${ineligible}`
  return hasUser ? undefined : 'no: no user here yet'
}
