/**
 * @module `gatehouse who-can`: everybody who reaches an account, one permission set in it, or an application, by which
 * ways; or with `--requestable` who may ask for it, and who approves.
 */
import type { Command } from 'commander'
import { paths, whoCanAnswer, whoCouldAnswer, type InsightSubject } from '../../api/contract.js'
import { readPages } from '../awsic/plugin.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { parseCount } from '../count.js'
import { describeHeld, describeProofs, describeSubject } from '../insight.js'
import { printable } from '../printable.js'
import { formatTable } from '../table.js'

interface WhoCanOptions extends ClientOptions {
  readonly app?: string
  readonly account?: string
  readonly permissionSet?: string
  readonly requestable?: true
  readonly search?: string
  readonly limit: string
  readonly json?: true
  readonly csv?: true
}

export function addWhoCanCommand(program: Command, { env, out }: CliSurroundings): void {
  withConnection(
    program.command('who-can').description('everybody who reaches an account or an application, and why'),
  )
    .option('--account <id>', 'the AWS account, by id or name')
    .option('--permission-set <name>', 'one permission set in that account, by ARN or name')
    .option('--app <name>', 'the application to sign in to')
    .option('--requestable', 'instead: who does not have it and may ask for it, and who approves')
    .option('--search <words>', 'people with these words in their name')
    .option('--limit <count>', 'people at most', '200')
    .option('--json', 'one JSON object a line')
    .option('--csv', 'all of them as CSV, a row for each way')
    .action(async (options: WhoCanOptions, command: Command) => {
      const { app, account, permissionSet, search } = options
      if ((app === undefined) === (account === undefined)) {
        command.error('error: give --account with or without --permission-set, or --app NAME', {
          exitCode: 2,
        })
      }
      if (account === undefined && permissionSet !== undefined) {
        command.error('error: --permission-set goes with --account', { exitCode: 2 })
      }
      if (options.requestable && account !== undefined && permissionSet === undefined) {
        command.error('error: --requestable with --account also takes --permission-set', { exitCode: 2 })
      }
      if (options.csv && (options.requestable || options.json || search !== undefined)) {
        command.error('error: --csv goes with --account, --permission-set and --app alone', { exitCode: 2 })
      }
      const client = createClient(await findConnection(options, env))
      const about = { app, account, permissionSet }
      if (options.csv) {
        const { text } = await client.request('GET', paths.whoCanCsv, { query: about })
        out(text.trimEnd())
        return
      }
      let subject: InsightSubject = {}
      let denied = 0
      const read = async (cursor: string | undefined, limit: string) => {
        const query = { ...about, search, cursor, limit }
        const answer = whoCanAnswer.parse(await client.get(paths.whoCan, query))
        ;({ subject, denied } = answer)
        return answer
      }
      const count = parseCount('--limit', options.limit)
      const maxPage = 100
      if (options.requestable) {
        const { items, more } = await readPages(
          count,
          async (cursor, limit) => {
            const query = { ...about, search, cursor, limit }
            return whoCouldAnswer.parse(await client.get(paths.whoCould, query))
          },
          maxPage,
        )
        if (options.json) for (const item of items) out(JSON.stringify(item))
        else {
          const rows = items.map(({ user, roles, reviewers, moreReviewers = 0 }) => [
            user,
            roles.join(', '),
            reviewers.length === 0 ? 'nobody now' : reviewers.join(', '),
            moreReviewers > 0 ? `and ${moreReviewers} more` : '',
          ])
          for (const line of formatTable(['May ask', 'For role', 'Approved by', ''], rows)) out(line)
          if (more) out('There are more; raise --limit.')
        }
        return
      }
      const { items, more } = await readPages(count, read, maxPage)
      if (options.json) {
        for (const item of items) out(JSON.stringify(item))
        return
      }
      const found = `${items.length}${more ? ' or more' : ''}`
      out(
        printable(
          `${found} ${items.length === 1 ? 'person reaches' : 'people reach'} ${describeSubject(subject)}.`,
        ),
      )
      for (const { user, known, locked, unclear, signIn, access, moreAccess = 0 } of items) {
        const notes = [
          ...(known ? [] : ['no user here']),
          ...(locked ? ['LOCKED'] : []),
          ...(unclear ? ['cannot be read in full'] : []),
          describeProofs(signIn),
        ].filter((note) => note !== '')
        out('')
        out(printable(`${user}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`))
        for (const line of access.flatMap(describeHeld)) out(printable(`  ${line}`))
        if (moreAccess > 0) out(`  and ${moreAccess} more permission sets`)
      }
      if (more) out('\nThere are more; raise --limit.')
      if (denied > 0) out(`\nA role denies it to ${denied} who would have it.`)
    })
}
