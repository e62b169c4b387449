/**
 * @module A gateway as `gatehouse start` runs it, from the built program, but with times of the tests and a name for the
 * lease: `node replica.mjs start`. What is composed otherwise (`StartHost.composition`) is JSON in `REPLICA_COMPOSITION`.
 */
import { Command } from 'commander'
import { addStartCommand } from '../../dist/start.js'

const program = new Command()
addStartCommand(program, {
  env: process.env,
  cwd: process.cwd(),
  print: (line) => void process.stdout.write(`${line}\n`),
  untilStopped: () => new Promise((resolve) => process.once('SIGTERM', resolve)),
  composition: JSON.parse(process.env['REPLICA_COMPOSITION'] ?? '{}'),
})
await program.parseAsync(process.argv)
