/**
 * @module Inventories of any size for tests and benchmarks, always the same for the same size: believable names with
 * the pitfalls of real ones, such as `-on-` within a name, former names, and spaces.
 */
import { readFileSync } from 'node:fs'
import { parseInventoryFile } from '../../src/config/inventory-file.js'
import type { Account, Inventory, PermissionSet } from '../../src/core/inventory/inventory.js'

const teams = ['payments', 'identity', 'search', 'on-call', 'data platform', 'billing', 'mobile', 'hr']
const stages = ['prod', 'staging', 'dev', 'sandbox', 'dr']
const accesses = [
  'AdministratorAccess',
  'PowerUserAccess',
  'ReadOnly',
  'SecurityAudit',
  'Deploy',
  'Break-on-Glass',
]

export const instanceId = 'ssoins-6987b2c41e0fa35d'

/** An account whose name and id tell its number. */
export function buildAccount(number: number): Account {
  const team = pick(teams, number)
  const stage = pick(stages, Math.floor(number / teams.length))
  const id = String(100_000_000_000 + number * 7_919_003).slice(-12)
  return {
    id,
    name: `${team}-${stage}-${number}`,
    formerNames: number % 10 === 0 ? [`${team}-old-${number}`] : [],
    email: `aws+${number}@example.com`,
    ouPath: `Root/${stage === 'prod' ? 'Production' : 'Workloads'}/${team}`,
    tags: { team, stage },
  }
}

export function buildPermissionSet(number: number): PermissionSet {
  const id = Math.imul(number + 1, 2_654_435_761) >>> 0
  return {
    arn: `arn:aws:sso:::permissionSet/${instanceId}/ps-${String(number).padStart(8, '0')}${hex(id)}`,
    name: `${pick(accesses, number)}-${number}`,
    description: `Permission set number ${number}`,
  }
}

export function buildInventory(size: {
  readonly accounts: number
  readonly permissionSets: number
}): Inventory {
  return {
    revision: `${size.accounts}x${size.permissionSets}`,
    accounts: Array.from({ length: size.accounts }, (_, number) => buildAccount(number)),
    permissionSets: Array.from({ length: size.permissionSets }, (_, number) => buildPermissionSet(number)),
  }
}

function pick(values: readonly string[], number: number): string {
  return values[number % values.length] ?? ''
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0')
}

/** The accounts and permission sets of the sample organisation. */
export function demoInventory(): Inventory {
  const file = new URL('../../fixtures/inventories/demo.yaml', import.meta.url)
  return parseInventoryFile(readFileSync(file, 'utf8'), 'demo.yaml').inventory
}
