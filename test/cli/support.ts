/**
 * @module A gateway with a little history and its command line, and the hands of somebody who owns the database file.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { run, type Outcome } from '../support/process.js'
import { testResources } from '../support/people.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway, type TestGatewayOptions } from '../support/test-gateway.js'

/** Opens a gateway whose data folder the command line finds as it would find a running one's. */
export async function openForCli(
  dataDir: string,
  options: Pick<TestGatewayOptions, 'auditSinks'> = {},
): Promise<TestGateway> {
  const gateway = await openTestGateway({ resources: [...testResources, spResource()], dataDir, ...options })
  const operator = { url: gateway.url, token: gateway.operatorToken }
  await writeFile(join(dataDir, 'operator.json'), JSON.stringify(operator), { mode: 0o600 })
  return gateway
}

/** Runs `gatehouse ARGS` against the gateway of that data folder. */
export async function gatehouse(
  dataDir: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return await run(args, {
    cwd: dataDir,
    env: { GATEHOUSE_DATA_DIR: dataDir, XDG_CONFIG_HOME: join(dataDir, 'config'), ...env },
  })
}

/** Does what only the owner of the database file can do: triggers are dropped first. */
export function tamper(dataDir: string, change: (database: Database.Database) => void): void {
  const database = new Database(join(dataDir, 'gatehouse.db'))
  try {
    const triggers = database.prepare("select name from sqlite_master where type = 'trigger'").all()
    for (const trigger of triggers) {
      const { name } = trigger as { name: string }
      database.exec(`drop trigger "${name}"`)
    }
    change(database)
  } finally {
    database.close()
  }
}
