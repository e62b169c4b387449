/** @module What goes with a deleted user, in the transaction of the deletion. */
import { removeFromAllLists } from '../../service/access-lists/remove-member.js'
import { endRequestsOf, type EndOfPerson } from '../../service/access-requests/end-of-person.js'
import { forgetUser } from '../../service/people/forget-user.js'
import { record } from '../../service/people/record.js'
import type { KindContext } from '../../service/resources/kind.js'

/** Ends all by which the name could act; answers what that was, in sentences. */
export async function endUser(context: KindContext, person: EndOfPerson): Promise<string[]> {
  const { tx, user: name, by: actor, origin } = person
  const sessions = await tx.sessions.listByUser(name)
  const password = await tx.credentials.findPassword(name)
  const factors = [...(await tx.credentials.listTotp(name)), ...(await tx.passkeys.list(name))]
  await forgetUser(tx, name)
  // A later user of this name inherits no membership (T7), not even one that came from AWS.
  const lists = await removeFromAllLists(context, tx, { user: name, actor, origin })
  for (const { id } of sessions) {
    const fields = { name, sid: id, message: 'the user was deleted' }
    await record(context, tx, { event: 'session.end', success: true, user: actor, fields }, origin)
  }
  const requests = await endRequestsOf(context, person)
  const notes: string[] = []
  if (requests > 0) notes.push(`Ends ${count(requests, 'access request')} of ${name}.`)
  if (sessions.length > 0) notes.push(`Ends ${count(sessions.length, 'session')} of ${name}.`)
  if (password !== undefined || factors.length > 0) {
    const forgotten = [
      ...(password === undefined ? [] : ['the password']),
      ...(factors.length === 0 ? [] : [count(factors.length, 'second factor')]),
    ]
    notes.push(`Forgets ${forgotten.join(' and ')} of ${name}.`)
  }
  if (lists.length > 0) {
    const more = lists.length > maxNamed ? ` and ${lists.length - maxNamed} more` : ''
    notes.push(
      `Takes ${name} out of ${count(lists.length, 'access list')}: ${lists.slice(0, maxNamed).join(', ')}${more}.`,
    )
  }
  return notes
}

const maxNamed = 10

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
