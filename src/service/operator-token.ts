/**
 * @module The operator of this machine: whoever can read the data folder can already read the database and the
 * master key, so a token in that folder adds no power. It reads the audit log, makes reset links, looks
 * after what can shut out everyone (locks, the cluster's preference), nothing else, and lives as long as the process.
 */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Random } from '../lib/random.js'

/** Writes `operator.json` (mode 0600), which the CLI on this machine reads; `publicUrl` is where browsers go. */
export async function writeOperatorToken(
  dataDir: string,
  operator: { readonly url: string; readonly publicUrl: string; readonly token: string },
  random: Random,
): Promise<void> {
  const file = join(dataDir, 'operator.json')
  const partial = `${file}.${random.uuid()}`
  await writeFile(partial, `${JSON.stringify(operator)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(partial, file)
}
