/**
 * @module `npm run demo`: a gateway and an emulated Identity Center with a sample organisation, connected, on
 * this machine only. Prints the addresses, the sample people and how to sign in as each. `--self-check` plays
 * all of it and ends.
 */
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { systemClock } from '../lib/clock.js'
import { currentCode, populate, type Seeds } from './journeys.js'
import { applyPlan, connectAws, giveScimToken, importAws, putResource, type Connection } from './connect.js'
import { fillLists, makeLists } from './lists.js'
import { administrator, demoPassword, demoPeople } from './people.js'
import { askForProduction, sayOnCall } from './requests.js'
import { selfCheck } from './self-check.js'
import { startWorld, type World } from './world.js'

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

function printWelcome(world: World): void {
  const people = [
    { name: administrator, shows: 'administrator: invites people, reads the audit log, signs in to AWS' },
    ...demoPeople,
  ]
  const width = Math.max(...people.map(({ name }) => name.length))
  print('')
  print(`  Gatehouse                ${world.gatewayUrl}`)
  print(
    `  AWS access portal        ${world.emulatorUrl}/start   (emulated; starts a sign-in from the AWS side)`,
  )
  print(`  Inside Identity Center   ${world.emulatorUrl}/   (accounts, who has what where, calls)`)
  print(`  Mail that is sent        ${world.mailbox.url}/   (reviews, requests; nothing leaves this machine)`)
  print(`  Status of the sync       ${world.gatewayUrl}/identity-center`)
  print('')
  print(`  Everyone's password is   ${demoPassword}`)
  print('')
  for (const { name, shows } of people) print(`  ${name.padEnd(width)}   ${shows}`)
  print('')
  print('  Codes of the second factor: press Enter to print the current one. Ctrl C ends the demo.')
  print('')
}

function printCodes(seeds: Seeds): void {
  const left = 30 - (Math.floor(systemClock.now() / 1000) % 30)
  for (const [name, seed] of seeds) {
    print(`  ${name}: ${currentCode(seed, systemClock.now())} (${left} s left; each code works once)`)
  }
}

/** The set-up as the guide has it, the first plan applied. Somebody has left, which AWS shall know as well. */
async function connect(connection: Connection): Promise<void> {
  await putResource(connection, {
    kind: 'lock',
    version: 'v2',
    metadata: { name: 'left-the-company' },
    spec: { target: { user: 'gone@example.com' }, message: 'left the company' },
  })
  print(await connectAws(connection))
  await importAws(connection)
  print(await giveScimToken(connection))
  const { counts } = await applyPlan(connection)
  for (const { says, all } of counts) print(`applied: ${says}: ${all}`)
  await makeLists(connection)
  await fillLists(connection)
}

async function runDemo(): Promise<void> {
  print('starting the gateway and the emulated Identity Center …')
  await using world = await startWorld(join(process.cwd(), 'data', 'demo'), {
    gateway: 3080,
    emulator: 4599,
    mail: 4600,
  })
  const { admin, seeds } = await populate(world)
  await connect({ world, admin })
  await askForProduction({ world, seeds })
  await sayOnCall({ world, admin })
  printWelcome(world)
  printCodes(seeds)
  const stopped = new Promise<void>((resolve) => {
    // Without its argument, the name of the signal: ending the demo is no failure.
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  const lines = createInterface({ input: process.stdin })
  lines.on('line', () => printCodes(seeds))
  const failure = await Promise.race([stopped, world.ended])
  lines.close()
  if (failure !== undefined) {
    print(failure)
    process.exitCode = 1
  }
}

/** What went wrong in words; `fetch` keeps its reason one level deeper. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

const args = process.argv.slice(2)
const unknown = args.filter((arg) => arg !== '--self-check')
if (unknown.length > 0) {
  print(`unknown option ${unknown.join(' ')}; the demo knows --self-check`)
  process.exitCode = 2
} else if (args.includes('--self-check')) {
  process.exitCode = await selfCheck(print)
} else {
  try {
    await runDemo()
  } catch (error) {
    process.stderr.write(`the demo cannot run: ${describe(error)}\n`)
    process.exitCode = 1
  }
}
