/**
 * @module `gatehouse aws-profile`: profiles in `~/.aws/config` for what one has in AWS, so that `aws sso login` and
 * `aws --profile NAME` work. What others wrote there stays as it is; ours that are no longer given go.
 */
import type { Command } from 'commander'
import { paths, pickerAnswer, type PickerAnswer } from '../../api/contract.js'
import { diffYaml } from '../../api/resource/diff.js'
import { GatewayError } from '../../core/error.js'
import { clientOf } from '../acl/list.js'
import { configPath, readConfigFile, replaceConfigFile } from '../aws-profile/config-file.js'
import { editConfig, type EditedConfig } from '../aws-profile/config-text.js'
import {
  assertRegion,
  defaultTemplate,
  planProfiles,
  type AwsAccess,
  type Portal,
} from '../aws-profile/profiles.js'
import { readPages } from '../awsic/plugin.js'
import { formatDiff, wantsColor } from '../change-lines.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { findConnection, type ApiClient, type ClientOptions } from '../client.js'
import { originOf } from '../connection.js'
import { printable } from '../printable.js'

interface Options extends ClientOptions {
  readonly name: string
  readonly sessionName: string
  readonly region?: string
  readonly startUrl?: string
  readonly ssoRegion?: string
  readonly dryRun?: true
  readonly remove?: true
}

export function addAwsProfileCommand(program: Command, surroundings: CliSurroundings): void {
  withConnection(
    program.command('aws-profile').description('write profiles for what you have in AWS to ~/.aws/config'),
  )
    .option(
      '--name <template>',
      'names of profiles: {account}, {account_id}, {permission_set}',
      defaultTemplate,
    )
    .option('--session-name <name>', 'name of the sso-session', 'gatehouse')
    .option('--region <region>', 'region of the profiles (default: as each has it)')
    .option('--start-url <url>', 'start URL of the access portal, where the gateway does not know it')
    .option('--sso-region <region>', 'region of IAM Identity Center, with --start-url')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--remove', 'remove every section that came from this gateway')
    .addHelpText(
      'after',
      '\nThe file is that of AWS_CONFIG_FILE, if it is set. Then: aws sso login --sso-session gatehouse',
    )
    .action(async (options: Options) => await writeProfiles(options, surroundings))
}

/** More account assignments of one person are not written. */
const maxAccounts = 5000

async function writeProfiles(options: Options, surroundings: CliSurroundings): Promise<void> {
  const { env, out, err } = surroundings
  const { url } = await findConnection(options, env)
  const portal = givenPortal(options)
  const { sections, left } =
    options.remove === true
      ? { sections: [], left: [] }
      : planProfiles(await readAccess(await clientOf(options, surroundings), portal), {
          template: options.name,
          sessionName: options.sessionName,
          region: options.region,
        })
  const file = await readConfigFile(configPath(env))
  const edited = editConfig(file.text, originOf(url), sections)
  for (const one of left) err(printable(one))
  for (const header of edited.taken) {
    if (header.startsWith('sso-session ')) {
      throw new GatewayError(
        'CONFLICT',
        `[${header}] in ${file.path} came from elsewhere; give another --session-name`,
      )
    }
    err(printable(`[${header}] came from elsewhere and stays as it is; give another --name to have both.`))
  }
  if (edited.text === file.text) {
    out(printable(`${file.path}: nothing to change, ${countProfiles(sections.map(({ header }) => header))}.`))
    return
  }
  if (options.dryRun === true) {
    const before = file.mode === undefined ? undefined : file.text
    const color = wantsColor(surroundings)
    for (const line of formatDiff(diffYaml(before, edited.text, file.path), { color })) out(line)
    return
  }
  const backup = await replaceConfigFile(file, edited.text)
  for (const line of describeEdit(edited)) out(printable(line))
  out(printable(`Wrote ${file.path}${backup === undefined ? '' : `; what it was is in ${backup}`}.`))
  if (sections.length > 0) out(printable(`Sign in: aws sso login --sso-session ${options.sessionName}`))
}

/** @throws GatewayError `INVALID_INPUT` for one without the other. */
function givenPortal({ startUrl, ssoRegion }: Options): Portal | undefined {
  if (startUrl === undefined && ssoRegion === undefined) return undefined
  if (startUrl === undefined || ssoRegion === undefined || !URL.canParse(startUrl)) {
    throw new GatewayError('INVALID_INPUT', 'give both --start-url, an https address, and --sso-region')
  }
  assertRegion(ssoRegion, '--sso-region')
  return { startUrl, region: ssoRegion }
}

async function readAccess(client: ApiClient, given: Portal | undefined): Promise<AwsAccess[]> {
  const portals = new Map<string, Portal>()
  const { items, more } = await readPages(maxAccounts, async (cursor, limit) => {
    const page = pickerAnswer.parse(await client.get(paths.mePicker, { show: 'have', cursor, limit }))
    for (const { instance, startUrl, region } of page.portals) portals.set(instance, { startUrl, region })
    return page
  })
  if (more) throw new GatewayError('INVALID_INPUT', `you have more than ${maxAccounts} accounts`)
  return items.flatMap(({ account, permissionSets }) =>
    permissionSets.map((set) => ({
      accountId: account.id,
      accountName: account.name,
      permissionSet: set.name,
      portal: given ?? portals.get(instanceOf(set)),
    })),
  )
}

/** `arn:aws:sso:::permissionSet/INSTANCE/ps-…`. */
function instanceOf({ arn }: PickerAnswer['items'][number]['permissionSets'][number]): string {
  return arn.split('/')[1] ?? ''
}

function describeEdit({ added, changed, removed }: EditedConfig): string[] {
  return [
    ...added.map((header) => `  + [${header}]`),
    ...changed.map((header) => `  ~ [${header}]`),
    ...removed.map((header) => `  - [${header}]`),
  ]
}

function countProfiles(headers: readonly string[]): string {
  const count = headers.filter((header) => header.startsWith('profile ')).length
  return count === 1 ? '1 profile' : `${count} profiles`
}
