/**
 * @module `gatehouse awsic enrol`: the whole set-up up to the plan, each step told as it is done. It writes resources
 * here and nothing in AWS; run again it goes on where it ended, for its state are the resources themselves.
 */
import { readFile } from 'node:fs/promises'
import { Option, type Command } from 'commander'
import { applyAnswer, connectionTestAnswer, paths, preflightAnswer, setupAnswer } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { prepareEnrolment } from '../awsic/enrol-documents.js'
import { assertConsistent, type EnrolOptions } from '../awsic/enrol-options.js'
import { countHeld, plural } from '../awsic/plan-text.js'
import { clientOf, followJob, pluginPath, withPlugin, type PluginOptions } from '../awsic/plugin.js'
import { describeChange } from '../change-lines.js'
import type { CliSurroundings } from '../cli.js'
import { withMfa } from '../mfa.js'
import type { ApiClient } from '../client.js'
import { printable } from '../printable.js'
import { describeCounts, readPreview, runImport } from './awsic-import.js'
import { flagsOf, readPlan } from './awsic-plan.js'
import { describeScimTest, parseToken, putToken, readToken } from './awsic-scim.js'
import { describeConnection } from './awsic-script.js'

interface Options extends EnrolOptions, PluginOptions {
  readonly name?: string
  readonly samlMetadata?: string
  readonly scimToken?: string
  readonly scimTokenFile?: string
  readonly scimTokenExpires?: string
  readonly import: boolean
}

export function addEnrolCommand(awsic: Command, surroundings: CliSurroundings): void {
  const { out, err, readInput } = surroundings
  const enrolCommand = awsic.command('enrol')
  withMfa(
    withPlugin(enrolCommand.description('set the connection up, or go on where it was left; run it again')),
  )
    .option('--name <name>', 'name of the plugin, the same as --plugin')
    .option('--instance-arn <arn>', 'ARN of the Identity Center instance')
    .option('--instance-region <region>', 'its Region')
    .option('--access-list-default-owner <user...>', 'who owns the access lists that are imported')
    .option('--use-system-credentials', 'credentials of the gateway’s own process (the default)')
    .option('--no-use-system-credentials', 'tokens of our issuer, by --oidc-integration')
    .option('--assume-role-arn <arn>', 'a role to take on with the credentials of the process')
    .option('--oidc-integration <name>', 'the integration whose role is taken on; made where there is none')
    .option('--role-arn <arn>', 'the role that the set-up script printed, kept in the integration')
    .option('--issuer <url>', 'public host of the issuer’s files, kept in the integration')
    .option('--saml-metadata <file>', 'metadata that Identity Center shows; without it: hybrid mode')
    .option('--scim-url <url>', 'the SCIM endpoint')
    .option('--scim-token <token>', 'its token; better by file, since others see a command line')
    .option('--scim-token-file <file>', 'file with the token; - reads standard input')
    .option('--scim-token-expires <instant>', 'when AWS ends the token, RFC 3339; a year from now without')
    .option('--force-scim-url', 'allow an endpoint at a host that is not AWS’s')
    .option('--user-origin <origin...>', 'push only users of this origin: local, or a connector')
    .option('--user-label <labels...>', 'push only users with these labels, KEY=VALUE,KEY=VALUE')
    .option('--group-name <pattern...>', 'import only groups of this name, glob or ^regex$')
    .option('--exclude-group-name <pattern...>', 'import all groups but these')
    .option('--account-name <pattern...>', 'only accounts of this name, glob or ^regex$')
    .option('--account-id <id...>', 'only these accounts')
    .option('--exclude-account-name <pattern...>', 'all accounts but those of this name')
    .option('--exclude-account-id <id...>', 'all accounts but these')
    .addOption(
      new Option('--roles-sync-mode <mode>', 'NONE: no account assignment roles, no groups').choices([
        'ALL',
        'NONE',
      ]),
    )
    .option('--no-import', 'stop after the preview')
    .addHelpText(
      'after',
      '\nNothing in AWS is changed: the sync stays paused until "gatehouse awsic apply". Example:\n' +
        '  gatehouse awsic enrol --instance-arn arn:aws:sso:::instance/ssoins-1234567890abcdef \\\n' +
        '    --instance-region eu-central-1 --access-list-default-owner ada@example.com \\\n' +
        '    --oidc-integration aws --role-arn arn:aws:iam::111111111111:role/GatehouseIdentityCenter \\\n' +
        '    --saml-metadata metadata.xml --scim-url https://scim.eu-central-1.amazonaws.com/TENANT/scim/v2/ \\\n' +
        '    --scim-token-file token.txt',
    )
    .action(async (given: Options) => {
      const options = { ...given, plugin: given.name ?? given.plugin }
      assertConsistent(options)
      // Everything that can be wrong on this side is found before anything is written.
      const token = await readGivenToken(options, readInput, err)
      const metadata = options.samlMetadata === undefined ? undefined : await readText(options.samlMetadata)
      const client = await clientOf(options, surroundings)
      const tell = (line: string) => out(printable(line))
      await enrol(client, options, { token, metadata, tell })
    })
}

async function readGivenToken(
  { scimToken, scimTokenFile }: Options,
  readInput: () => Promise<string>,
  err: (line: string) => void,
): Promise<string | undefined> {
  if (scimToken !== undefined && scimTokenFile !== undefined) {
    throw new GatewayError('INVALID_INPUT', 'give either --scim-token or --scim-token-file')
  }
  if (scimTokenFile !== undefined) return await readToken(scimTokenFile, readInput)
  if (scimToken === undefined) return undefined
  err('Others on this machine may have seen the token on the command line; --scim-token-file is safer.')
  return parseToken(scimToken)
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new GatewayError(
      'INVALID_INPUT',
      `cannot read ${file}; is it there, and may you read it?`,
      {},
      { cause },
    )
  }
}

interface Given {
  readonly token: string | undefined
  readonly metadata: string | undefined
  readonly tell: (line: string) => void
}

async function enrol(client: ApiClient, options: Options, { token, metadata, tell }: Given): Promise<void> {
  const flags = flagsOf(options)
  const prepared = await prepareEnrolment(client, options, { metadata, token })
  tell('1. Resources of the connection (kept here; nothing in AWS)')
  const kept = applyAnswer.parse(await client.post(paths.resources, prepared.documents, { mode: 'replace' }))
  for (const change of kept.changes) {
    for (const line of describeChange(change, { dryRun: false })) tell(`   ${line}`)
  }
  if (prepared.lacksRole) {
    tell(
      '   The integration has no role yet. Run the set-up script in AWS CloudShell, and enrol again with its ARN:',
    )
    tell(`     gatehouse awsic script${flags} > setup.sh`)
    tell(
      `     gatehouse awsic enrol${flags} --oidc-integration ${options.oidcIntegration ?? ''} --role-arn ARN`,
    )
    return
  }

  tell('2. Connection to AWS (reads only)')
  const test = connectionTestAnswer.parse(
    await client.post(pluginPath(paths.awsicConnectionTest, options), {}),
  )
  for (const line of describeConnection(test)) tell(`   ${line}`)
  if (!test.ok)
    throw new GatewayError('INVALID_INPUT', 'the connection does not work yet; mend it and enrol again')

  tell('3. What there is in AWS (reads only)')
  const started = await client.post(pluginPath(paths.awsicScan, options), {})
  await followJob(started, { client, options, tell })
  const { preview } = await readPreview(client, { ...options, kind: 'groups' }, 1)
  for (const line of describeCounts(preview)) tell(`   ${line}`)
  for (const line of preview.notImported) tell(`   not imported: ${line}`)
  if (!options.import) {
    if (token !== undefined) {
      tell('4. SCIM')
      await giveToken(client, options, token, tell)
    }
    tell(
      `   Nothing is imported. See "gatehouse awsic preview${flags}", then enrol again without --no-import.`,
    )
    return
  }

  tell('4. Import (access lists here; nothing in AWS)')
  await runImport(client, options, tell)

  tell('5. Identity source')
  await tellIdentitySource(client, options, prepared.isHybrid, tell)

  tell('6. SCIM')
  if (token !== undefined) await giveToken(client, options, token, tell)
  else tell(`   No token was given; "gatehouse awsic scim ls${flags}" shows whether there is one.`)

  tell('7. The first plan')
  const { plan } = await readPlan(client, options, 1)
  const held = countHeld(plan)
  const all = plan.counts.reduce((sum, count) => sum + count.all, 0)
  tell(
    `   ${plural(all, 'change')}, of which ${held} wait for a person. AWS is unchanged until you apply them:`,
  )
  tell(`     gatehouse awsic plan${flags}`)
  tell(`     gatehouse awsic apply --watch${flags}`)
}

async function tellIdentitySource(
  client: ApiClient,
  options: Options,
  isHybrid: boolean,
  tell: (line: string) => void,
): Promise<void> {
  if (isHybrid) {
    tell('   Hybrid mode: users and their sign-in stay with the other identity provider.')
    return
  }
  const { idp } = setupAnswer.parse(await client.get(pluginPath(paths.awsicSetup, options)))
  tell(`   In the AWS console, IAM Identity Center > Settings > Identity source, upload ${idp.metadataUrl}`)
  tell(`   (entity ID ${idp.entityId}). Before you do, look who could still sign in:`)
  const preflight = preflightAnswer.parse(await client.get(pluginPath(paths.awsicPreflight, options)))
  tell(`   ${preflight.ready ? 'ready' : 'NOT READY'}: ${preflight.says}`)
  tell(`     gatehouse awsic preflight${flagsOf(options)}`)
}

async function giveToken(
  client: ApiClient,
  options: Options,
  token: string,
  tell: (line: string) => void,
): Promise<void> {
  const { scimUrl, scimTokenExpires: expires } = options
  const answer = await putToken(client, options, { token, scimUrl, expires })
  for (const line of describeScimTest(answer.test ?? { steps: [] })) tell(`   ${line}`)
  for (const line of answer.scim.warnings) tell(`   ! ${line}`)
  if (!answer.saved) {
    throw new GatewayError(
      'INVALID_INPUT',
      'the SCIM token was not kept: its test failed; mend it and enrol again',
    )
  }
}
