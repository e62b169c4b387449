/** @module The end of a sign-in through a connector as an answer: a new session and where to go, or the page of the test. */
import type { Finished } from '../service/connectors/finish-sign-in.js'
import type { Answer } from './route.js'

export function finishedAnswer(finished: Finished): Answer {
  if (finished.status === 'tested') {
    const { connector, test } = finished
    return { kind: 'redirect', location: `/connectors/${encodeURIComponent(connector)}/tests/${test}` }
  }
  const { token, session, next } = finished
  return { kind: 'redirect', location: next, setSession: { token, expiresAt: session.expiresAt } }
}
