/**
 * @module Runs a `gatehouse` command as a person would and answers what it printed. No process of the demo inherits
 * settings of its caller: the environment beats the file, people with a published password must never get into a
 * database that somebody uses, and no call may reach an AWS organisation that exists.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('../main.js', import.meta.url))

/** The environment without what Gatehouse and the AWS SDK read from it. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:GATEHOUSE|AWS)_/i.test(name)),
  )
}

/** `env` adds to the environment of the command. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ exitCode: number; output: string }> {
  return await new Promise((resolve, reject) => {
    const options = { timeout: 30_000, env: { ...ownEnvironment(), ...env } }
    execFile(process.execPath, [entry, ...args], options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number')
        reject(new Error('the command did not end by itself', { cause: error }))
      else resolve({ exitCode: Number(error?.code ?? 0), output: `${stdout}${stderr}`.trim() })
    })
  })
}
