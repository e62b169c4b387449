/**
 * `npm run test:sim -- --seed N --runs N`: many histories, each from the next seed, in several processes. Results come
 * in the order of the seeds whatever the processes do, and a failing one prints the line that replays it. The last line
 * is `N passed, N failed`.
 */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { runHistory } from './history.js'

const switches = ['no-faults', 'no-crashes', 'no-foreign'] as const

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1000' },
    /** Processes at once. */
    jobs: { type: 'string', default: String(availableParallelism()) },
    /** Prints what happened, too. */
    verbose: { type: 'boolean', default: false },
    /** Gateways in processes of their own, of which one after the other is killed; see `replicas/points.ts`. */
    replicas: { type: 'boolean', default: false },
    points: { type: 'string', default: '50' },
    'short-lease': { type: 'boolean', default: false },
    'no-faults': { type: 'boolean', default: false },
    'no-crashes': { type: 'boolean', default: false },
    'no-foreign': { type: 'boolean', default: false },
  },
})

const resultForm = z.object({
  seed: z.number(),
  problems: z.array(z.string()),
  log: z.array(z.string()),
  calls: z.array(z.string()),
})
type Result = z.infer<typeof resultForm>

function whole(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new RangeError(`--${name} wants a whole number, not "${text}"`)
}

const first = whole('seed', values.seed)
const runs = whole('runs', values.runs)
const jobs = Math.max(1, Math.min(whole('jobs', values.jobs), runs))
if (values.replicas) {
  // Loaded here: it wants a database, and none of the histories does.
  const { playReplicas } = await import('./replicas/main.js')
  const isDone = await playReplicas({
    ...{ seed: first, points: whole('points', values.points), replicas: 3 },
    ...{ isShort: values['short-lease'], isVerbose: values.verbose },
  })
  process.exitCode = isDone ? 0 : 1
} else if (process.send === undefined) await lead()
else await follow()

/** Plays the seeds that it is told. */
async function follow(): Promise<void> {
  for await (const seed of seeds()) {
    const { problems, log, calls } = await runHistory(seed, {
      faults: !values['no-faults'],
      crashes: !values['no-crashes'],
      foreign: !values['no-foreign'],
    })
    const isTold = values.verbose || problems.length > 0
    process.send?.({ seed, problems, log: isTold ? log : [], calls: isTold ? calls : [] })
  }
  process.disconnect()
}

async function* seeds(): AsyncGenerator<number> {
  for (;;) {
    const next = await new Promise<unknown>((resolve) => {
      process.once('message', resolve)
      process.send?.('ready')
    })
    if (typeof next !== 'number') return
    yield next
  }
}

async function lead(): Promise<void> {
  let next = first
  let toTell = first
  let failed = 0
  const waiting = new Map<number, Result>()
  const take = (result: Result): void => {
    waiting.set(result.seed, result)
    for (let one = waiting.get(toTell); one !== undefined; one = waiting.get(toTell)) {
      waiting.delete(toTell++)
      if (one.problems.length > 0) failed += 1
      report(one)
    }
  }
  const work = async (): Promise<void> => {
    const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), { execArgv: process.execArgv })
    child.on('message', (message) => {
      if (message !== 'ready') take(resultForm.parse(message))
      else child.send(next < first + runs ? next++ : 'done')
    })
    await new Promise<void>((resolve) => child.once('exit', () => resolve()))
  }
  await Promise.all(Array.from({ length: jobs }, work))
  // Of a process that died itself.
  for (; toTell < first + runs; toTell++, failed++) report(waiting.get(toTell) ?? lost(toTell))
  console.log(`${runs - failed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}

function lost(seed: number): Result {
  return { seed, problems: ['the process that played it ended'], log: [], calls: [] }
}

function report({ seed, problems, log, calls }: Result): void {
  const set = switches.filter((name) => values[name]).map((name) => ` --${name}`)
  if (problems.length > 0) {
    const says = problems[0]?.split('\n')[0] ?? ''
    console.log(`FAIL npm run test:sim -- --seed ${seed} --runs 1${set.join('')} # ${says}`)
  }
  if (!values.verbose) return
  for (const line of [...log, ...calls.map((call) => `  ${call}`)]) console.log(`  ${line}`)
  for (const problem of problems) console.log(`  ! ${problem}`)
}
