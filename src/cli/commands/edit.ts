/**
 * @module `gatehouse edit`: one resource in an editor. What is refused comes back into the editor with the reasons
 * above it; what somebody else changed meanwhile is shown beside one's own change and never overwritten. The text is
 * never lost: unless it was saved, or is what it was, the file stays and its path is told.
 */
import type { Command } from 'commander'
import { changeAnswer, resourceAnswer, type ChangeAnswer, type CurrentResource } from '../../api/contract.js'
import { diffYaml, rebaseText } from '../../api/resource/diff.js'
import { describeProblem } from '../../core/document-problem.js'
import { GatewayError } from '../../core/error.js'
import { describeChange, formatDiff, wantsColor } from '../change-lines.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import type { ApiClient, ClientOptions } from '../client.js'
import { createConfirmingClient, withMfa } from '../mfa.js'
import { confirm } from '../confirm.js'
import { createEditedFile, type EditedFile } from '../editor.js'
import { refusalOf } from '../exit.js'
import { parseOneSelector, readKinds, resourcePath } from '../kinds.js'
import { printable } from '../printable.js'

export function addEditCommand(program: Command, surroundings: CliSurroundings): void {
  const { env, out, ask } = surroundings
  withMfa(
    withConnection(
      program.command('edit').description('change a resource in your editor (VISUAL, EDITOR, else vi)'),
    ),
  )
    .argument('<resource>', 'KIND/NAME')
    .addHelpText('after', '\nExample:\n  EDITOR="code --wait" gatehouse edit role/contractor')
    .action(async (word: string, options: ClientOptions) => {
      if (ask === undefined) {
        throw new GatewayError(
          'INVALID_INPUT',
          'there is no terminal to edit on; write a file with "gatehouse get KIND/NAME -o yaml" and send it with "gatehouse create --force -f FILE"',
        )
      }
      const client = await createConfirmingClient(options, surroundings)
      const { kind, name } = parseOneSelector(word, await readKinds(client))
      const path = resourcePath({ kind, name })
      const { yaml, revision, origin } = resourceAnswer.parse(await client.get(path))
      if (origin === 'system') {
        throw new GatewayError(
          'SYSTEM_RESOURCE',
          `${kind.title} "${name}" is computed by the gateway and cannot be changed`,
        )
      }
      const file = await createEditedFile({ kind: kind.name, name }, env)
      const what = `${kind.name}/${name}`
      const change = await editUntilSaved({ client, path, what, file, surroundings }, { yaml, revision })
      if (change === undefined) out('Nothing was changed.')
      else for (const line of describeChange(change, { dryRun: false })) out(line)
    })
}

interface Editing {
  readonly client: ApiClient
  /** Of the resource at the gateway. */
  readonly path: string
  readonly what: string
  readonly file: EditedFile
  readonly surroundings: CliSurroundings
}

/** The state of the resource that the person started from. */
type Base = CurrentResource

/** What is opened next. */
interface Opened {
  readonly text: string
  readonly remarks: readonly string[]
  /** The text that was refused: saving it again would change nothing. */
  readonly refused?: GatewayError
}

/** Undefined where nothing was changed. */
async function editUntilSaved(editing: Editing, start: Base): Promise<ChangeAnswer | undefined> {
  const { file, surroundings } = editing
  let base = start
  let opened: Opened = { text: start.yaml, remarks: [] }
  let keep = false
  try {
    for (;;) {
      const text = await file.edit(opened.text, opened.remarks)
      if (text.trim() === '' || text === base.yaml) return undefined
      if (opened.refused !== undefined && text === opened.text) throw opened.refused
      try {
        return await save(editing, base, text)
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error
        if (error.code === 'REVISION_MISMATCH') {
          const next = await rebase(editing, base, text, error)
          keep = true
          base = next.base
          opened = next.opened
        } else if (error.status === 400 || error.status === 409) {
          opened = { text, remarks: describeRefusal(error), refused: error }
        } else throw error
      }
    }
  } catch (error) {
    keep ||= (await file.read().catch(() => '')) !== base.yaml
    if (keep) surroundings.err(printable(`Nothing was saved. Your text is in ${file.path}`))
    throw error
  } finally {
    if (!keep) await file.remove()
  }
}

async function save({ client, path }: Editing, base: Base, text: string): Promise<ChangeAnswer> {
  const answer = await client.request('PUT', path, {
    body: text,
    contentType: 'application/yaml',
    ifMatch: base.revision,
  })
  return changeAnswer.parse(JSON.parse(answer.text))
}

/**
 * Shows both changes and lets the person put theirs on top of the other.
 * @throws the given error where they do not want to, or may not see what is stored.
 */
async function rebase(
  { what, file, surroundings }: Editing,
  base: Base,
  text: string,
  error: GatewayError,
): Promise<{ readonly base: Base; readonly opened: Opened }> {
  const { out, ask } = surroundings
  const theirs = refusalOf(error).problem?.current
  if (theirs === undefined) throw error
  const color = wantsColor(surroundings)
  const show = (title: string, before: string, after: string) => {
    for (const line of [title, ...formatDiff(diffYaml(before, after, what), { color })]) out(line)
  }
  out(printable(`${what} was changed since you opened it.`))
  show('What was changed meanwhile:', base.yaml, theirs.yaml)
  show('What you changed:', base.yaml, text)
  if (!(await confirm(ask, 'Edit yours on top of theirs?'))) throw error
  const kept = await file.keep(text)
  out(printable(`Your text as you wrote it is in ${kept}`))
  // The revisions differ by their nature; with one of them the rest of the lines can be compared.
  const onTheirs = (yaml: string) => yaml.replace(revisionLine(base.yaml), () => revisionLine(theirs.yaml))
  const merged = rebaseText(onTheirs(base.yaml), onTheirs(text), theirs.yaml)
  const remarks =
    merged === undefined
      ? [`Both changed the same lines. This is theirs; yours is in ${kept}`]
      : ['Your change on top of theirs. Save the file as it is, or change it further.']
  return { base: theirs, opened: { text: merged ?? theirs.yaml, remarks } }
}

/** The line of `metadata.revision` as the gateway writes it: of two spaces, and before the spec. */
function revisionLine(yaml: string): string {
  return /^ {2}revision: .*\n/m.exec(yaml)?.[0] ?? ''
}

/** Remarks for the top of the text; lines are told as they are then, with the remarks above. */
function describeRefusal(error: GatewayError): string[] {
  const { problem } = refusalOf(error)
  const problems = problem?.problems ?? []
  const known = problems.some(({ line }) => line !== undefined)
  const above = 1 + problems.length
  const reasons = known
    ? problems.map(({ line, path, message }) =>
        describeProblem({ path, message, line: line === undefined ? undefined : line + above }),
      )
    : (problem?.detail ?? error.message).split('\n')
  return [
    'Nothing was saved. Mend this and save again; save the file as it is, or empty, to give up.',
    ...reasons,
  ].map((line) => printable(line))
}
