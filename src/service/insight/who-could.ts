/**
 * @module People who do not have a permission set or an application and may ask for it, with who may approve: the other
 * half of "who can". A page is looked for among the next people by name.
 */
import type { z } from 'zod'
import type { whoCouldAnswer, whoCouldItem } from '../../api/contract/insight.js'
import type { Requestable } from '../../core/access-request/access-request.js'
import { findAccountHolders } from '../../core/insight/account-holders.js'
import { rolesOfPeople } from '../../core/insight/roles-of-people.js'
import { opensFor } from '../../core/insight/sign-in-needs.js'
import { formatCursor } from '../../core/inventory/cursor.js'
import { GatewayError } from '../../core/error.js'
import type { Authority } from '../authority.js'
import { collectHolders, collectPeople, type Collected, type InsightDeps } from './collect.js'
import { judgeRequests, reviewersOf } from './requestable.js'
import { askSignIn } from './tell.js'
import {
  findSubject,
  placeAfter,
  rolesThatCount,
  tellSubject,
  visiblePeople,
  type Subject,
  type WhoCanInput,
} from './who-can.js'

/** People whose roles are looked at for one page: those who may ask for something are few. */
const maxLookedAt = 5000

/** @throws GatewayError as `whoCan`, and `INVALID_INPUT` for an account without a permission set. */
export async function whoCould(
  deps: InsightDeps,
  input: WhoCanInput,
  authority: Authority,
): Promise<z.infer<typeof whoCouldAnswer>> {
  const collected = await collectPeople(deps)
  const { catalog } = collected
  const subject = findSubject(deps, catalog, input, authority)
  const asked = toAsked(subject)
  const has = await whoHas(deps, collected, subject)
  const isVisible = visiblePeople(deps, catalog, authority)
  const reviewers = reviewersOf(deps, collected)
  const people = rolesOfPeople(collected.people).map((person) => ({ ...person, user: person.name }))
  const start = input.cursor === undefined ? 0 : placeAfter(people, input.cursor)
  const items: z.infer<typeof whoCouldItem>[] = []
  let at = start
  for (; at < people.length && at - start < maxLookedAt && items.length < input.limit; at += 1) {
    const person = people[at]
    if (person === undefined || person.lock !== undefined || !isVisible(person.user)) continue
    const counting = rolesThatCount(person)
    const user = catalog.user(person.user)
    if (user === undefined || has(counting)) continue
    const judge = judgeRequests(collected, { ...user, traits: person.traits }, counting.roles)
    const verdict = judge?.judge(asked)
    if (verdict?.ok !== true) continue
    items.push({
      user: person.user,
      roles: [...verdict.terms.roles],
      ...(await reviewers(person.user, asked, verdict.terms)),
    })
  }
  const last = people[at - 1]
  return {
    subject: tellSubject(subject),
    items,
    ...(last !== undefined && at < people.length && { nextCursor: formatCursor([last.user]) }),
  }
}

function toAsked(subject: Subject): Requestable {
  if (subject.kind === 'app') return { kind: 'app', name: subject.serviceProvider.name }
  const { account, permissionSet } = subject
  if (permissionSet === undefined) {
    const message = 'give a permission set too: what may be asked for is one of them'
    throw new GatewayError('INVALID_INPUT', message, { fields: [{ path: 'query.permissionSet', message }] })
  }
  return { kind: 'assignment', accountId: account.id, permissionSetArn: permissionSet.arn }
}

type Counting = ReturnType<typeof rolesThatCount>

async function whoHas(
  deps: InsightDeps,
  collected: Collected,
  subject: Subject,
): Promise<(person: Counting) => boolean> {
  if (subject.kind === 'app') {
    const { serviceProvider } = subject
    return (person) => opensFor(askSignIn(collected.catalog, serviceProvider, person)).opens
  }
  const input = await collectHolders(deps, collected, subject.account.id)
  const holders = new Set(findAccountHolders(input, subject).holders.map(({ user }) => user))
  return ({ name }) => holders.has(name)
}
