/** @module Runs a `gatehouse` command as a person would and answers what it printed. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('../main.js', import.meta.url))

export async function runCommand(args: readonly string[]): Promise<{ exitCode: number; output: string }> {
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, [entry, ...args], { timeout: 30_000 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number')
        reject(new Error('the command did not end by itself', { cause: error }))
      else resolve({ exitCode: Number(error?.code ?? 0), output: `${stdout}${stderr}`.trim() })
    })
  })
}
