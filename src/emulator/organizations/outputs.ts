/**
 * @module Accounts, units and the root as members of answers.
 */
import { toSeconds, type Call, type Output } from '../aws/operation.js'
import type { Account, Unit } from '../state/account.js'
import type { Tables } from '../state/tables.js'
import { arnOf } from './arns.js'

/** `Status` is the older member, which `State` is to replace; both are sent. */
export function accountOutput({ context }: Call, tables: Tables, account: Account): Output {
  return {
    Id: account.id,
    Arn: arnOf(context.state, account.id),
    Email: account.email,
    Name: account.name,
    Status: account.state,
    State: account.state,
    Paths: [`${pathOf(context.state.ids.organizationId, tables, account.parentId)}${account.id}/`],
    JoinedMethod: account.joinedMethod,
    JoinedTimestamp: toSeconds(account.joinedAt),
  }
}

export function unitOutput({ context }: Call, tables: Tables, unit: Unit): Output {
  return {
    Id: unit.id,
    Arn: arnOf(context.state, unit.id),
    Name: unit.name,
    Path: pathOf(context.state.ids.organizationId, tables, unit.id),
  }
}

/** Ids from the organisation down to a root or unit, each with a slash behind it; units are five deep at most. */
function pathOf(organizationId: string, tables: Tables, id: string): string {
  const unit = tables.units.get(id)
  return `${unit === undefined ? `${organizationId}/` : pathOf(organizationId, tables, unit.parentId)}${id}/`
}
