/**
 * A walk with the AWS command line, version 1 or 2, as an administrator would do it by hand. Runs where `aws` is
 * installed; the clock is real, and the asynchronous operations are short.
 */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmulator, type Emulator } from '../../../src/emulator/main.js'
import { greet } from '../../../src/emulator/greeting.js'
import { loadOrganisation } from '../../../src/emulator/state/load-organisation.js'
import { systemClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import { wireFolder } from './names.js'

const run = promisify(execFile)
const isInstalled = spawnSync('aws', ['--version']).status === 0
/** The command takes a second or two to start, more on a busy machine. */
const walkTimeoutMs = 300_000

const instance = ['--instance-arn', 'arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6']
const store = ['--identity-store-id', 'd-9067a1b2c3']
const admin = ['AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'] as const
const payments = ['AKIAPAYMENTSEXAMPLE0', 'paymentsPaymentsPaymentsPaymentsPayments'] as const
const assignment = [
  ...instance,
  ...['--target-id', '333333333333', '--target-type', 'AWS_ACCOUNT'],
  ...['--permission-set-arn', 'arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-3333333333333333'],
  ...['--principal-type', 'USER', '--principal-id', '22222222-2222-4222-8222-222222222222'],
]

describe.skipIf(!isInstalled)('the AWS command line (skipped where `aws` is not installed)', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'gatehouse-awscli-'))
  let emulator: Emulator
  /** What the emulator prints for a client to set, and nothing else. */
  let printed: Record<string, string> = {}

  beforeAll(async () => {
    const organisation = await loadOrganisation(path.join(wireFolder, 'wire.yaml'))
    emulator = await startEmulator({
      listen: '127.0.0.1:0',
      organisation,
      settings: { limits: false, assignmentMs: 20 },
      clock: systemClock,
      logger: createLogger('silent'),
    })
    const exports = greet(emulator.url, organisation, 'wire.yaml', systemClock).filter((line) =>
      line.startsWith('  export '),
    )
    printed = Object.fromEntries(
      [...exports.join(' ').matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
    )
  })
  afterAll(async () => {
    await emulator.close()
    rmSync(home, { recursive: true })
  })

  /** Nothing of this machine's own configuration reaches the command. */
  async function aws(key: readonly [string, string], ...args: readonly string[]): Promise<unknown> {
    const { stdout } = await run('aws', [...args, '--output', 'json'], {
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        AWS_CONFIG_FILE: path.join(home, 'config'),
        AWS_SHARED_CREDENTIALS_FILE: path.join(home, 'credentials'),
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_PAGER: '',
        AWS_MAX_ATTEMPTS: '1',
        ...printed,
        AWS_ACCESS_KEY_ID: key[0],
        AWS_SECRET_ACCESS_KEY: key[1],
        NO_PROXY: '127.0.0.1',
      },
    })
    return stdout.trim() === '' ? undefined : JSON.parse(stdout)
  }

  /** Asks until the operation has ended; each start of the command is wait enough. */
  async function pollStatus(command: string, idOption: string, member: string, id: string): Promise<string> {
    for (let attempt = 0; attempt < 20; attempt++) {
      const answer = await aws(admin, 'sso-admin', command, ...instance, idOption, id)
      const { Status } = pick(answer, member)
      if (Status !== 'IN_PROGRESS') return String(Status)
    }
    return 'IN_PROGRESS'
  }

  async function listReservedRoles(): Promise<readonly string[]> {
    const prefix = ['--path-prefix', '/aws-reserved/sso.amazonaws.com/']
    const answer = await aws(payments, 'iam', 'list-roles', ...prefix)
    return listOf(answer, 'Roles').map(({ RoleName }) => String(RoleName).replace(/[0-9a-f]{16}$/, '*'))
  }

  test('sees an organisation, page by page', { timeout: walkTimeoutMs }, async () => {
    const instances = await aws(admin, 'sso-admin', 'list-instances')
    expect(listOf(instances, 'Instances')).toMatchObject([{ IdentityStoreId: 'd-9067a1b2c3' }])
    const accounts = await aws(admin, 'organizations', 'list-accounts', '--page-size', '1')
    expect(listOf(accounts, 'Accounts').map(({ Name }) => Name)).toEqual([
      'management',
      'audit',
      'payments-prod',
      'old',
    ])
    const users = await aws(admin, 'identitystore', 'list-users', ...store, '--page-size', '2')
    expect(listOf(users, 'Users').map(({ UserName }) => UserName)).toEqual([
      'ada@example.com',
      'ben@example.com',
      'cleo@example.com',
    ])
  })

  test('knows who calls', { timeout: walkTimeoutMs }, async () => {
    expect(await aws(payments, 'sts', 'get-caller-identity')).toMatchObject({
      Account: '333333333333',
      Arn: 'arn:aws:iam::333333333333:user/payments',
    })
  })

  test('assigns and takes away, and the role comes and goes', { timeout: walkTimeoutMs }, async () => {
    const before = ['AWSReservedSSO_ReadOnly_*', 'AWSReservedSSO_Admin_*']
    expect(await listReservedRoles()).toEqual(before)

    const begun = await aws(admin, 'sso-admin', 'create-account-assignment', ...assignment)
    const creation = pick(begun, 'AccountAssignmentCreationStatus')
    expect(creation).toMatchObject({ Status: 'IN_PROGRESS', TargetId: '333333333333' })
    const created = await pollStatus(
      'describe-account-assignment-creation-status',
      '--account-assignment-creation-request-id',
      'AccountAssignmentCreationStatus',
      String(creation['RequestId']),
    )
    expect(created).toBe('SUCCEEDED')
    expect(await listReservedRoles()).toEqual([...before, 'AWSReservedSSO_Spare_*'])

    const ending = await aws(admin, 'sso-admin', 'delete-account-assignment', ...assignment)
    const deleted = await pollStatus(
      'describe-account-assignment-deletion-status',
      '--account-assignment-deletion-request-id',
      'AccountAssignmentDeletionStatus',
      String(pick(ending, 'AccountAssignmentDeletionStatus')['RequestId']),
    )
    expect(deleted).toBe('SUCCEEDED')
    expect(await listReservedRoles()).toEqual(before)
  })

  test('tells an error by its name', { timeout: walkTimeoutMs }, async () => {
    const absent = ['describe-user', ...store, '--user-id', '99999999-9999-4999-8999-999999999999']
    await expect(aws(admin, 'identitystore', ...absent)).rejects.toThrow(/ResourceNotFoundException/)
    await expect(aws(admin, 'iam', 'get-role', '--role-name', 'nobody')).rejects.toThrow(/NoSuchEntity/)
  })

  test('reads an answer whose result has no members', { timeout: walkTimeoutMs }, async () => {
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:root' }, Action: 'sts:AssumeRole' },
      ],
    })
    const role = ['--role-name', 'walk']
    const made = await aws(admin, 'iam', 'create-role', ...role, '--assume-role-policy-document', trust)
    expect(pick(made, 'Role')).toMatchObject({ AssumeRolePolicyDocument: JSON.parse(trust) as unknown })
    await aws(admin, 'iam', 'update-role', ...role, '--description', 'a walk')
    expect(pick(await aws(admin, 'iam', 'get-role', ...role), 'Role')).toMatchObject({
      Description: 'a walk',
    })
    await aws(admin, 'iam', 'delete-role', ...role)
  })
})

type Members = Readonly<Record<string, unknown>>

/** A member of an answer that is a structure. */
function pick(answer: unknown, member: string): Members {
  const value = asMembers(answer)[member]
  return asMembers(value)
}

function listOf(answer: unknown, member: string): readonly Members[] {
  const value = asMembers(answer)[member]
  if (!Array.isArray(value)) throw new Error(`${member} is not a list in ${JSON.stringify(answer)}`)
  return value.map(asMembers)
}

function asMembers(value: unknown): Members {
  if (typeof value !== 'object' || value === null)
    throw new Error(`not a structure: ${JSON.stringify(value)}`)
  return value as Members
}
