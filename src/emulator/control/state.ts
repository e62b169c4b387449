/**
 * @module `GET /_emulator/state`: everything the emulator holds about the organisation, without secrets, for tests and
 * people. `?only=users,groups` answers those tables alone, for organisations that are large.
 */
import type { Router } from 'express'
import type { EmulatorContext } from '../context.js'
import { formatTime } from '../context.js'
import { invalidInput } from '../error.js'
import { describeScim } from './scim-tokens.js'
import type { AssignmentRequest } from '../state/assignment.js'
import { acsEndpoints, spEntityId } from '../state/instance.js'
import { redactContents } from '../state/redact.js'
import { tableNames, type Contents, type TableName, type Tables } from '../state/tables.js'

export function mountState(router: Router, context: EmulatorContext): void {
  router.get('/_emulator/state', (req, res) => {
    context.settle()
    const { state, publicUrl, clock, settings } = context
    const names = parseOnly(req.query['only'])
    res.json({
      now: formatTime(clock.now()),
      instance: state.instance,
      serviceProvider: {
        entityId: spEntityId(state.instance),
        metadataUrl: `${publicUrl}/platform/saml/metadata/${state.instance.identityStoreId}`,
        startUrl: `${publicUrl}/start`,
        acs: acsEndpoints(state.instance).map(({ path, ...rest }) => ({ ...rest, url: publicUrl + path })),
      },
      settings,
      counts: Object.fromEntries(tableNames.map((name) => [name, state.tables[name].size])),
      outstanding: listOutstanding(state.tables),
      ...redactContents(select(state.tables, names)),
      saml: { ...state.saml, idp: state.idp ?? null },
      scim: describeScim(context),
    })
  })
}

/** Assignment requests that are in progress, oldest first. */
function listOutstanding({ assignmentRequests }: Tables): readonly AssignmentRequest[] {
  return (['create', 'delete'] as const)
    .flatMap((kind) => assignmentRequests.by('outstandingOf', kind).rows())
    .sort((a, b) => a.createdAt - b.createdAt)
}

/** @throws EmulatorError where a name is no table's */
function parseOnly(only: unknown): readonly TableName[] {
  if (only === undefined) return tableNames
  if (typeof only !== 'string') throw invalidInput('only: give one list of tables, separated by commas')
  const asked = only.split(',').filter((name) => name !== '')
  const unknown = asked.filter((name) => !tableNames.some((known) => known === name))
  if (unknown.length > 0) {
    throw invalidInput(
      `only: there is no table ${unknown.join(', ')}; the tables are ${tableNames.join(', ')}`,
    )
  }
  return tableNames.filter((name) => asked.includes(name))
}

function select(tables: Tables, names: readonly TableName[]): Contents {
  return Object.fromEntries(names.map((name) => [name, tables[name].rows()]))
}
