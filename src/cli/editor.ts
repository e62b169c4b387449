/**
 * @module A text in the editor of the person at the terminal. The file is theirs alone (0600 in a folder of 0700) and
 * stays until the caller removes it: what somebody typed is never lost by an error.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GatewayError } from '../core/error.js'

/** Begins lines of ours at the top of the file; they are taken off again. */
const mark = '#!'

export interface EditedFile {
  readonly path: string
  /**
   * Opens the editor on the text with `remarks` above it, and answers the text as it is afterwards.
   * @throws GatewayError `INVALID_INPUT` when the editor cannot be run or says by its status that it gave up.
   */
  edit(text: string, remarks: readonly string[]): Promise<string>
  /** The text as it stands in the file now. */
  read(): Promise<string>
  /** Puts another text beside the file, and answers where. */
  keep(text: string): Promise<string>
  /** Removes the file and what was put beside it. */
  remove(): Promise<void>
}

export async function createEditedFile(
  { kind, name }: { readonly kind: string; readonly name: string },
  env: NodeJS.ProcessEnv,
): Promise<EditedFile> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-edit-'))
  const stem = `${kind}-${name}`.replace(/[^\w.@-]+/g, '_').slice(0, 100)
  const path = join(folder, `${stem}.yaml`)
  let kept = 0
  const read = async () => withoutRemarks(await readFile(path, 'utf8'))
  return {
    path,
    edit: async (text, remarks) => {
      const above = remarks.map((remark) => `${mark} ${remark}\n`).join('')
      await writeFile(path, above + text, { mode: 0o600 })
      await runEditor(path, env)
      return await read()
    },
    read,
    keep: async (text) => {
      const beside = join(folder, `${stem}.yours${kept++ === 0 ? '' : `-${kept}`}.yaml`)
      await writeFile(beside, text, { mode: 0o600, flag: 'wx' })
      return beside
    },
    remove: async () => await rm(folder, { recursive: true, force: true }),
  }
}

function withoutRemarks(text: string): string {
  const lines = text.split('\n')
  const first = lines.findIndex((line) => !line.startsWith(mark))
  return first < 0 ? '' : lines.slice(first).join('\n')
}

/** By the shell, as other programs do, for `EDITOR` may hold options: `code --wait`. */
async function runEditor(path: string, env: NodeJS.ProcessEnv): Promise<void> {
  const editor = [env.VISUAL, env.EDITOR].find((one) => one !== undefined && one.trim() !== '') ?? 'vi'
  // Ctrl-C is for the editor, which shares our terminal.
  const ignore = () => undefined
  process.on('SIGINT', ignore)
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      const child = spawn('/bin/sh', ['-c', `${editor} "$@"`, editor, path], { env, stdio: 'inherit' })
      child.once('error', reject)
      child.once('close', resolve)
    })
    if (status === 0) return
    throw new GatewayError(
      'INVALID_INPUT',
      `the editor (${editor}) ended with status ${status ?? 'of a signal'}; nothing was changed. VISUAL or EDITOR names another one`,
    )
  } finally {
    process.off('SIGINT', ignore)
  }
}
