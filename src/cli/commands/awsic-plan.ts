/**
 * @module `gatehouse awsic plan`, `approve`, `apply` and `release`: what would change in AWS, the agreement to what
 * waits, the switch that lets the sync change AWS, and the word that it may go on after a restore. An approval names
 * exactly what was shown.
 */
import type { Command } from 'commander'
import { paths, planAnswer, type PlanAnswer } from '../../api/contract.js'
import { countHeld, describeHeld, describePlan, plural } from '../awsic/plan-text.js'
import {
  clientOf,
  followJob,
  pluginPath,
  readPages,
  withPlugin,
  type PluginOptions,
} from '../awsic/plugin.js'
import { identityCenterPreset } from '../../core/saml/identity-center.js'
import type { CliSurroundings } from '../cli.js'
import { withMfa } from '../mfa.js'
import type { ApiClient } from '../client.js'
import { confirm } from '../confirm.js'
import { printable } from '../printable.js'

interface WholePlan {
  readonly plan: PlanAnswer
  readonly actions: PlanAnswer['actions'][number][]
  readonly more: boolean
}

/** More changes than anybody reads; `--json` goes on to the end. */
const readableActions = 1000

export function addPlanCommands(awsic: Command, surroundings: CliSurroundings): void {
  addPlan(awsic, surroundings)
  addApprove(awsic, surroundings)
  addApply(awsic, surroundings)
  addRelease(awsic, surroundings)
}

interface PlanOptions extends PluginOptions {
  readonly held?: true
  readonly search?: string
}

function addPlan(awsic: Command, surroundings: CliSurroundings): void {
  const { out } = surroundings
  withPlugin(
    awsic.command('plan').description('show what the sync would change in AWS, who gains and who loses'),
  )
    .option('--held', 'only what waits for a person')
    .option('--search <words>', 'only changes whose words have all of these')
    .option('--json', 'as one JSON object, with every change')
    .action(async (options: PlanOptions) => {
      const client = await clientOf(options, surroundings)
      const limit = options.json ? Infinity : readableActions
      const { plan, actions, more } = await readPlan(client, options, limit)
      if (options.json) {
        const { nextCursor: _, ...whole } = plan
        out(JSON.stringify({ ...whole, actions }))
        return
      }
      const view = { actions, more, flags: flagsOf(options) }
      const lines = options.held ? describeHeld(plan, actions) : describePlan(plan, view)
      if (lines.length === 0) out('Nothing waits for a person.')
      for (const line of lines) out(printable(line))
    })
}

interface ApproveOptions extends PluginOptions {
  readonly key?: string[]
  readonly digest?: string
  readonly yes?: true
}

function addApprove(awsic: Command, surroundings: CliSurroundings): void {
  const { out, ask } = surroundings
  const approve = awsic.command('approve')
  withMfa(withPlugin(approve.description('agree to changes that wait, after seeing whom they hit')))
    .option('--key <key...>', 'only these changes, by the keys that "plan --held" shows')
    .option('--digest <digest>', 'only if the plan is still the one with this heldDigest, from "plan --json"')
    .option('--yes', 'without asking')
    .action(async (options: ApproveOptions) => {
      const client = await clientOf(options, surroundings)
      const { plan, actions } = await readPlan(client, { ...options, held: true }, Infinity)
      const keys = options.key
      const chosen = keys === undefined ? actions : actions.filter(({ key }) => keys.includes(key))
      if (chosen.length === 0 && keys === undefined) {
        out('Nothing waits for a person.')
        return
      }
      for (const line of describeHeld(plan, chosen)) out(printable(line))
      const many = plural(keys?.length ?? chosen.length, 'change')
      if (!(options.yes || (await confirm(ask, `Approve ${many}?`)))) {
        out('Nothing was approved.')
        return
      }
      // The gateway refuses it where the plan has changed since it was shown.
      await client.post(pluginPath(paths.awsicApprove, options), {
        heldDigest: options.digest ?? plan.heldDigest,
        ...(keys !== undefined && { keys }),
      })
      out(`Approved ${many}.`)
      if (plan.sync === 'paused') {
        out(`The sync is paused; "gatehouse awsic apply${flagsOf(options)}" switches it on.`)
      }
    })
}

interface ReleaseOptions extends PluginOptions {
  readonly digest?: string
  readonly yes?: true
}

function addRelease(awsic: Command, surroundings: CliSurroundings): void {
  const { out, ask } = surroundings
  withPlugin(
    awsic
      .command('release')
      .description('after a restore: agree to the whole plan as it stands, and let the sync go on'),
  )
    .option('--digest <digest>', 'only if the plan is still the one with this heldDigest, from "plan --json"')
    .option('--yes', 'without asking')
    .action(async (options: ReleaseOptions) => {
      const client = await clientOf(options, surroundings)
      const { plan, actions, more } = await readPlan(client, options, readableActions)
      if (plan.restored === undefined) {
        out('No plan waits for its release: nothing was restored, or somebody has released it.')
        return
      }
      for (const line of describePlan(plan, { actions, more, flags: flagsOf(options) })) out(printable(line))
      const many = plural(countHeld(plan), 'change')
      const question = `Release the plan after the backup of ${plan.restored.backupAt} was restored: ${many} in AWS?`
      if (!(options.yes || (await confirm(ask, question)))) {
        out('Nothing was released.')
        return
      }
      // The gateway refuses it where the plan has changed since it was shown.
      await client.post(pluginPath(paths.awsicApprove, options), {
        heldDigest: options.digest ?? plan.heldDigest,
        release: true,
      })
      const next =
        plan.sync === 'paused'
          ? `The sync is paused; "gatehouse awsic apply${flagsOf(options)}" switches it on.`
          : 'The sync goes on.'
      out(`Released: ${many}. ${next}`)
    })
}

interface ApplyOptions extends PluginOptions {
  readonly watch?: true
  readonly yes?: true
}

function addApply(awsic: Command, surroundings: CliSurroundings): void {
  const { out, err, ask } = surroundings
  const apply = awsic.command('apply')
  withMfa(withPlugin(apply.description('switch the sync on: what does not wait is changed in AWS')))
    .option('--watch', 'follow the changes to their end')
    .option('--yes', 'without asking')
    .option('--json', 'the work as one JSON object')
    .action(async (options: ApplyOptions) => {
      const client = await clientOf(options, surroundings)
      const { plan, actions, more } = await readPlan(client, options, readableActions)
      if (!options.yes) {
        for (const line of describePlan(plan, { actions, more, flags: flagsOf(options) }))
          out(printable(line))
        const all = plan.counts.reduce((sum, count) => sum + count.all, 0)
        const question = `Change AWS now: ${plural(all - countHeld(plan), 'change')}?`
        if (!(await confirm(ask, question))) {
          out('Nothing was changed.')
          return
        }
      }
      const started = await client.post(pluginPath(paths.awsicApply, options), {
        heldDigest: plan.heldDigest,
      })
      if (!options.watch) {
        out(
          options.json ? JSON.stringify(started) : `Begun; see "gatehouse awsic status${flagsOf(options)}".`,
        )
        return
      }
      const job = await followJob(started, { client, options, tell: options.json ? err : out })
      out(options.json ? JSON.stringify({ job }) : 'Done.')
    })
}

/** The plan with the changes of all its pages, up to the limit. */
export async function readPlan(
  client: ApiClient,
  options: Pick<PlanOptions, 'plugin' | 'held' | 'search'>,
  limit: number,
): Promise<WholePlan> {
  let first: PlanAnswer | undefined
  const { items, more } = await readPages(
    limit,
    async (cursor, pageSize) => {
      const query = { show: options.held ? 'held' : 'all', search: options.search, cursor, limit: pageSize }
      const page = planAnswer.parse(await client.get(pluginPath(paths.awsicPlan, options), query))
      first ??= page
      return { items: page.actions, nextCursor: page.nextCursor }
    },
    500,
  )
  if (first === undefined) throw new Error('a first page is always read')
  return { plan: first, actions: [...items], more }
}

/** What has to be added to a command about the same plugin. */
export function flagsOf({ plugin }: Pick<PluginOptions, 'plugin'>): string {
  return plugin === identityCenterPreset ? '' : ` --plugin ${plugin}`
}
