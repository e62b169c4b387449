/** @module Sentences of the events of access requests. `user` is who asks; `state` is what the request is afterwards. */
import type { Reader } from './describe.js'
import type { AuditEventName } from './event.js'

type RequestEventName = Extract<AuditEventName, `access_request.${string}`>

export const accessRequestSentences: Record<RequestEventName, (event: Reader) => string> = {
  'access_request.create': ({ who, field }) => `${who} asked for access${about(field)}`,
  'access_request.update': ({ who, field }) => {
    const by = field('updated_by') || 'system'
    return `the access request${about(field)} of ${who} was ${field('action') || 'changed'} by ${by}`
  },
  'access_request.review': ({ who, field }) => {
    const proposed = field('proposed_state').toLowerCase() || 'reviewed'
    return `the access request${about(field)} of ${who} was ${proposed} by ${field('reviewer')}; it is ${field('state').toLowerCase()}`
  },
  'access_request.delete': ({ who, field }) =>
    `the access request${about(field)} of ${who} was removed by ${field('updated_by') || field('user')}`,
  'access_request.search': ({ who }) => `${who} searched for what they may ask for`,
  'access_request.expire': ({ who, field }) => `the access request${about(field)} of ${who} is over`,
}

function about(field: Reader['field']): string {
  const id = field('id')
  return id === '' ? '' : ` ${id}`
}
