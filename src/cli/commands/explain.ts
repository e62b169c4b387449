/**
 * @module `gatehouse explain`: why a person, or a role by itself, may or may not, and what would change it. Exit status 0
 * where they may, also after a second factor, 3 where they may not.
 */
import type { Command } from 'commander'
import { explainAccountAnswer, explainAnswer, paths, type ExplainAnswer } from '../../api/contract.js'
import { describeNoChange } from '../../api/no-single-change.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { refusedExitCode } from '../exit.js'
import { describeAccount } from '../insight.js'
import { printable } from '../printable.js'

interface ExplainOptions extends ClientOptions {
  readonly role?: string
  readonly app?: string
  readonly account?: string
  readonly permissionSet?: string
  readonly json?: true
}

export function addExplainCommand(program: Command, { env, out, setExitCode }: CliSurroundings): void {
  withConnection(
    program.command('explain').description('why somebody has access or has not, and what would change it'),
  )
    .argument('[user]', 'name of the user, or token/NAME')
    .option('--role <name>', 'instead of a user: what a role does by itself')
    .option('--app <name>', 'the application to sign in to')
    .option('--account <id>', 'the AWS account, by id or name')
    .option(
      '--permission-set <name>',
      'the permission set in that account, by ARN or name; without it, all that they reach there',
    )
    .option('--json', 'the answer as one JSON object')
    .addHelpText(
      'after',
      '\nExit status: 0 where they may, also after a second factor; 3 where they may not.',
    )
    .action(async (user: string | undefined, options: ExplainOptions, command: Command) => {
      if (options.app === undefined && options.account === undefined && options.permissionSet === undefined) {
        command.error('error: give --app NAME, or --account with or without --permission-set', {
          exitCode: 2,
        })
      }
      const client = createClient(await findConnection(options, env))
      const { role, app, account, permissionSet } = options
      if (user !== undefined && account !== undefined && permissionSet === undefined && app === undefined) {
        const told = explainAccountAnswer.parse(await client.get(paths.explainAccount, { user, account }))
        if (options.json) out(JSON.stringify(told))
        else for (const line of describeAccount(told)) out(printable(line))
        setExitCode(told.access.length === 0 || told.locked === true ? refusedExitCode : 0)
        return
      }
      const answer = explainAnswer.parse(
        await client.get(paths.explain, { user, role, app, account, permissionSet }),
      )
      if (options.json) out(JSON.stringify(answer))
      else for (const line of describe(answer)) out(printable(line))
      setExitCode(answer.effect === 'deny' ? refusedExitCode : 0)
    })
}

const verdicts = { allow: 'ALLOWED', step_up: 'ALLOWED after a second factor', deny: 'REFUSED' } as const
const marks = { allow: '+', deny: '-', requires: '!', no_match: ' ' } as const

function describe(answer: ExplainAnswer): string[] {
  const { effect, says, reasons, changes, moreChanges = 0 } = answer
  const stuck = describeNoChange(answer)
  const heading = effect === 'deny' ? 'Any one of these would change it:' : 'It hangs on:'
  const advice = changes.flatMap((change) => [
    `  * ${change.says}`,
    ...(change.yaml ?? '').split('\n').flatMap((line) => (line === '' ? [] : [`      ${line}`])),
  ])
  if (moreChanges > 0) advice.push(`  * and ${moreChanges} more of the same sort`)
  return [
    `${verdicts[effect]}: ${says}`,
    '',
    'Reasons:',
    ...reasons.map((reason) => `  ${marks[reason.effect]} ${reason.says}`),
    ...(advice.length === 0 ? [] : ['', heading, ...advice]),
    ...(stuck === undefined ? [] : ['', stuck]),
  ]
}
