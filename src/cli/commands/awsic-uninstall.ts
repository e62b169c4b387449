/**
 * @module `gatehouse awsic uninstall`: shows what goes and what stays, asks for the plugin's name, and follows the work.
 * Access in AWS stays as it is unless asked otherwise.
 */
import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { jobAnswer, paths, uninstallAnswer, type UninstallAnswer } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import {
  clientOf,
  followJob,
  pluginPath,
  unlessRefused,
  withPlugin,
  type PluginOptions,
} from '../awsic/plugin.js'
import type { CliSurroundings } from '../cli.js'
import { withMfa } from '../mfa.js'
import { printable } from '../printable.js'

interface UninstallOptions extends PluginOptions {
  readonly removeAccess?: true
  readonly stillIdentitySource?: true
  readonly cleanupFile?: string
  readonly dryRun?: true
  readonly yes?: true
}

export function addUninstallCommand(awsic: Command, surroundings: CliSurroundings): void {
  const { out, err, ask } = surroundings
  const end = awsic.command('uninstall')
  withMfa(withPlugin(end.description('end the connection; access in AWS stays as it is')))
    .option('--remove-access', 'also remove from AWS the assignments and memberships that we made')
    .option('--still-identity-source', 'go on although Identity Center still signs people in through us')
    .option('--cleanup-file <file>', 'write the script that removes role and identity provider from AWS')
    .option('--dry-run', 'show what would happen, and change nothing')
    .option('--yes', 'without asking')
    .option('--json', 'what goes and what stays, as one JSON object')
    .action(async (options: UninstallOptions) => {
      const client = await clientOf(options, surroundings)
      const path = pluginPath(paths.awsicUninstall, options)
      const before = uninstallAnswer.parse(await client.get(path))
      if (options.json) out(JSON.stringify(before))
      else for (const line of describeUninstall(before, options)) out(printable(line))
      if (options.dryRun) {
        if (!options.json) out('Nothing was changed: this was a dry run.')
        return
      }
      if (before.refused !== undefined) throw new GatewayError('STILL_IN_USE', before.refused)
      if (!options.yes) {
        if (ask === undefined) {
          throw new GatewayError(
            'INVALID_INPUT',
            'there is no terminal to ask on; add --yes to go ahead without a question',
          )
        }
        if (
          (await ask(`Type the name of the plugin (${options.plugin}) to remove it: `)).trim() !==
          options.plugin
        ) {
          out('Nothing was changed.')
          return
        }
      }
      // Before anything goes: with the plugin goes the gateway's knowledge of what it made in AWS.
      if (options.cleanupFile !== undefined) await writeCleanup(options.cleanupFile, before)
      const started = await client.post(path, {
        confirm: options.plugin,
        ...(options.removeAccess && { removeAccess: true }),
        ...(options.stillIdentitySource && { stillIdentitySource: true }),
      })
      const tell = options.json ? err : out
      // Its last act is to remove the plugin, of which there is no status afterwards.
      if (jobAnswer.safeParse(started).success) {
        await unlessRefused(followJob(started, { client, options, tell }), 'NOT_FOUND', () => undefined)
      }
      if (!options.json) out(`${options.plugin} is removed.`)
    })
}

async function writeCleanup(file: string, { awsCleanup }: UninstallAnswer): Promise<void> {
  try {
    await writeFile(file, awsCleanup.text, { flag: 'wx', mode: 0o644 })
  } catch (cause) {
    throw new GatewayError(
      'INVALID_INPUT',
      `cannot write ${file}; name a file that does not exist in a folder that is yours`,
      {},
      { cause },
    )
  }
}

function describeUninstall(
  answer: UninstallAnswer,
  { cleanupFile, removeAccess }: UninstallOptions,
): string[] {
  const { warnings, removes, keeps, dangling, timeBoxed, refused, access, left = [] } = answer
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]
  return [
    ...(refused === undefined ? [] : [`Not possible now: ${refused}`]),
    ...warnings.map((warning) => `! ${warning}`),
    ...section('Goes:', removes),
    ...section('Stays:', keeps),
    ...section('AWS is not what Gatehouse says, and would stay so:', left),
    ...(removeAccess && access ? section('Access that is removed from AWS:', describeAccess(access)) : []),
    ...section(
      'Leads nowhere afterwards, with what to type:',
      dangling.flatMap(({ kind, name, says, command }) => [
        `${kind.replace('_', ' ')} ${name}: ${says}`,
        `    ${command}`,
      ]),
    ),
    ...(timeBoxed > 0 ? ['', `${timeBoxed} grants that would end by themselves are revoked first.`] : []),
    ...(cleanupFile === undefined
      ? [
          '',
          'In AWS remain the role and its identity provider: --cleanup-file writes the script that removes them.',
        ]
      : []),
  ]
}

function describeAccess(access: NonNullable<UninstallAnswer['access']>): string[] {
  const { assignments, memberships, people, losses, moreLosses } = access
  return [
    `${assignments} assignments and ${memberships} memberships made since the import; ${people} people lose access`,
    ...losses.map(
      ({ person, account, permissionSet, through }) =>
        `${person}: ${permissionSet} in ${account}, ${through}`,
    ),
    ...(moreLosses > 0 ? [`and ${moreLosses} more such losses`] : []),
  ]
}
