/** Whoever reads the output may stop early, as `head` does: that is no failure of the command. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

test.each([['--help'], ['awsic', '--help']])('a closed output ends %s quietly', async (...args) => {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // Nobody reads from the beginning, so that the first line already finds the pipe broken.
  child.stdout.destroy()
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (data: string) => (err += data))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  expect({ code, signal, err }).toEqual({ code: 0, signal: null, err: '' })
})
