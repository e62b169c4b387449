/** @module Sentences for the audit events of directories that push users and groups here by SCIM. */
import type { Reader } from './describe.js'
import type { AuditEventName } from './event.js'

type DirectoryEvent = Extract<AuditEventName, `scim.${string}` | `directory.${string}`>

const changed =
  (did: string, tried: string) =>
  ({ ok, who, why, field }: Reader): string => {
    const what =
      `${field('resource_type').toLowerCase() || 'resource'} ${field('name') || field('id')}`.trim()
    return ok ? `${who} ${did} the ${what}` : `${who} could not ${tried} the ${what}${why}`
  }

/** The first read has no number. */
function timesOf({ ok, field }: Reader): string {
  const reads = field('reads')
  return !ok || ['', '1'].includes(reads) ? '' : `, the ${reads}th such read within a quarter of an hour`
}

export const directorySentences: Record<DirectoryEvent, (event: Reader) => string> = {
  'scim.create': changed('pushed', 'push'),
  'scim.update': changed('replaced', 'replace'),
  'scim.patch': changed('changed', 'change'),
  'scim.delete': changed('deleted', 'delete'),
  'scim.get': (event) => `${changed('read', 'read')(event)}${timesOf(event)}`,
  'scim.list': (event) => {
    const { ok, who, why, field } = event
    const what = `${field('resource_type').toLowerCase() || 'resource'}s`
    return ok
      ? `${who} read a list of ${field('count')} ${what}${timesOf(event)}`
      : `${who} could not list ${what}${why}`
  },
  'directory.token.create': ({ who, field }) =>
    `${who} made a SCIM token for the directory of connector ${field('connector')}`,
  'directory.token.delete': ({ who, field }) =>
    `${who} deleted a SCIM token of the directory of connector ${field('connector')}`,
  'directory.token.refused': ({ why, field }) =>
    `a SCIM request from ${field('addr.remote') || 'somewhere'} was refused${why}`,
  'directory.change.hold': ({ who, field }) => `a change of ${who} waits for a person: ${field('message')}`,
  'directory.change.release': ({ who, field }) =>
    `${who} released a change of the directory of connector ${field('connector')}: ${field('message')}`,
  'directory.change.refuse': ({ who, field }) =>
    `${who} refused a change of the directory of connector ${field('connector')}: ${field('message')}`,
}
