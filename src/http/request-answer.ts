/** @module What routes of access requests share: who asks, with the assumed requests of their session. */
import { accessRequestAnswer, type AccessRequestAnswer } from '../api/contract.js'
import type { EndRequest } from '../service/access-requests/end-request.js'
import { showChanged } from '../service/access-requests/get-request.js'
import type { ChangedRequest } from '../service/access-requests/change-request.js'
import type { Asking } from '../service/access-requests/viewer.js'
import { authorityOf } from './person.js'
import { json, type Answer, type AnswerShape, type Actor, type RouteInput } from './route.js'

export const requestAnswer: AnswerShape = { kind: 'json', schema: accessRequestAnswer }

export function askingOf(actor: Actor | undefined): Asking {
  const authority = authorityOf(actor)
  if (actor?.kind !== 'session') return { authority }
  return { authority, assumed: actor.assumed?.requests ?? [], sessionId: actor.session.id }
}

type Input = Pick<
  RouteInput<{ readonly reason: string; readonly mfaProof?: string | undefined }, undefined>,
  'deps' | 'params' | 'body' | 'actor' | 'origin'
>

/** Ends a request in one of the ways there are, and answers what it is then. */
export async function answerEnded(
  { deps, params, body, actor, origin }: Input,
  end: (deps: Input['deps'], input: EndRequest) => Promise<ChangedRequest>,
): Promise<Answer> {
  const by = askingOf(actor)
  const { request } = await end(deps, { id: params.id ?? '', by, origin, ...body })
  const answer: AccessRequestAnswer = { request: await showChanged(deps, request, by) }
  return json(answer)
}
