/**
 * @module The files of `create -f`, as one text: so that all of them are kept or none. Lines of the text are told as
 * lines of the files.
 */
import { readFile } from 'node:fs/promises'
import { readYamlDocuments } from '../api/resource/documents.js'
import { describeProblems, type DocumentProblem } from '../core/document-problem.js'
import { GatewayError } from '../core/error.js'
import type { CliSurroundings } from './cli.js'
import { refusalOf } from './exit.js'

export interface Documents {
  readonly text: string
  readonly contentType: 'application/yaml' | 'application/json'
  /** What the gateway calls the text in its problems. */
  readonly source: string
  /** The same refusal, each problem at its place in the files. */
  readonly locate: (error: GatewayError) => GatewayError
}

interface File {
  readonly name: string
  readonly text: string
}

/** The longest name that the gateway takes. */
const maxSource = 300

/** Reads the files; `-` is standard input. @throws GatewayError `INVALID_INPUT`. */
export async function readDocumentFiles(
  names: readonly string[],
  { readInput }: Pick<CliSurroundings, 'readInput'>,
): Promise<Documents> {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new GatewayError('INVALID_INPUT', `-f ${twice} stands twice`)
  const files: File[] = []
  for (const name of names) files.push(await readOne(name, readInput))
  const [first, ...rest] = files
  if (first === undefined) throw new GatewayError('INVALID_INPUT', 'name a file: -f FILE')
  return rest.length === 0 ? oneFile(first) : joinFiles(files)
}

async function readOne(name: string, readInput: () => Promise<string>): Promise<File> {
  const text = await readTextFile(name, { readInput })
  return { name: name === '-' ? 'stdin' : name, text }
}

/** The text of a file, without a byte order mark; `-` is standard input. @throws GatewayError `INVALID_INPUT`. */
export async function readTextFile(
  name: string,
  { readInput }: Pick<CliSurroundings, 'readInput'>,
): Promise<string> {
  try {
    const text = name === '-' ? await readInput() : await readFile(name, 'utf8')
    return text.replace(/^\ufeff/, '')
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'it cannot be read'
    const words = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder',
      EACCES: 'it is not yours to read',
    }
    const told = Object.entries(words).find(([code]) => code === reason)?.[1] ?? reason
    throw new GatewayError('INVALID_INPUT', `cannot read ${name}: ${told}`, {}, { cause })
  }
}

/** No YAML document is a list, so a list is one of JSON documents, as `get -o json` prints it. */
function isJsonList({ text }: File): boolean {
  return /^\s*\[/.test(text)
}

function oneFile(file: File): Documents {
  return {
    text: file.text,
    contentType: isJsonList(file) ? 'application/json' : 'application/yaml',
    source: file.name.slice(-maxSource),
    locate: (error) => error,
  }
}

/** Each by itself, because a quote that is never closed in one file would swallow the next. */
function assertReadable(files: readonly File[]): void {
  const problems = files.flatMap(({ name, text }) => {
    try {
      readYamlDocuments(text, name)
      return []
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      // Put there by the reader, always in this shape.
      return error.details['problems'] as readonly DocumentProblem[]
    }
  })
  if (problems.length === 0) return
  throw new GatewayError('INVALID_RESOURCE', `these files cannot be read:\n${describeProblems(problems)}`)
}

function joinFiles(files: readonly File[]): Documents {
  const list = files.find(isJsonList)
  if (list !== undefined) {
    throw new GatewayError('INVALID_INPUT', `${list.name} is a JSON list of documents; send it by itself`)
  }
  assertReadable(files)
  const starts: { readonly name: string; readonly line: number; readonly lines: number }[] = []
  let text = ''
  let line = 1
  for (const file of files) {
    const own = file.text.endsWith('\n') ? file.text : `${file.text}\n`
    const lines = own.split('\n').length - 1
    starts.push({ name: file.name, line, lines })
    // The end of a document (YAML 1.2.2, 9.1.2).
    text += `${own}...\n`
    line += lines + 1
  }
  const placeOf = (at: number) => {
    const start = starts.findLast((one) => one.line <= at)
    if (start === undefined) return {}
    return { source: start.name, line: Math.min(at - start.line + 1, start.lines) }
  }
  const locate = (error: GatewayError): GatewayError => {
    const { problem } = refusalOf(error)
    if (problem?.problems === undefined) return error
    const problems = problem.problems.map((one) => ({
      ...one,
      ...(one.line !== undefined && placeOf(one.line)),
    }))
    return new GatewayError(
      error.code,
      error.message,
      { problem: { ...problem, problems } },
      { cause: error },
    )
  }
  const source = files
    .map(({ name }) => name)
    .join(', ')
    .slice(0, maxSource)
  return { text, contentType: 'application/yaml', source, locate }
}
