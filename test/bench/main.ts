/**
 * `npm run bench -- [NAME] [--json]`: measured values beside the limit that bounds them, measured in the same run.
 * Without a NAME all are run but `sync-large`, the largest. With `--json` one JSON object a line. The exit status is 1
 * where a value is above a limit that holds (`atMost`); of other limits it tells only that the benchmarks ran.
 */
import { parseArgs } from 'node:util'
import type { BenchLine } from './line.js'

/** By name: the modules that export `bench()`. */
const benches: Readonly<Record<string, readonly string[]>> = {
  'access-lists': ['access-lists', 'access-lists-pages', 'access-lists-scroll'],
  decide: ['decide', 'decide-pairs'],
  emulator: ['emulator'],
  picker: ['picker', 'picker-browser'],
  requests: ['requests'],
  saml: ['saml-sign', 'saml-http'],
  sync: ['sync'],
  'sync-large': ['sync-large'],
}

/** Too large to be run unasked. */
const onlyByName: ReadonlySet<string> = new Set(['sync-large'])

interface BenchModule {
  readonly bench: () => Promise<BenchLine[]>
}

async function load(name: string): Promise<BenchModule> {
  const loaded: unknown = await import(new URL(`./${name}.ts`, import.meta.url).href)
  if (
    typeof loaded === 'object' &&
    loaded !== null &&
    'bench' in loaded &&
    typeof loaded.bench === 'function'
  ) {
    return loaded as BenchModule
  }
  throw new Error(`test/bench/${name}.ts does not export bench()`)
}

/** Exactly the six fields that other programs read. */
function toJson({ bench, metric, value, limit, ratio, n }: BenchLine): string {
  return JSON.stringify({ bench, metric, value, limit, ratio, n })
}

const digits = (value: number): string =>
  value.toLocaleString('en-US', { maximumSignificantDigits: value >= 1000 ? 6 : 4 })

/** A table with columns as wide as they need to be. */
function toTable(lines: readonly BenchLine[]): string {
  const rows = [
    ['bench', 'metric', 'value', 'limit', 'ratio', 'n', 'limit is'],
    ...lines.map((line) => [
      ...[line.bench, line.metric, digits(line.value), digits(line.limit), line.ratio.toFixed(3)],
      ...[digits(line.n), line.note ?? ''],
    ]),
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const isNumber = (column: number): boolean => column >= 2 && column <= 5
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return isNumber(column) ? cell.padStart(width) : cell.padEnd(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' } },
  })
  const unknown = positionals.filter((name) => !Object.hasOwn(benches, name))
  if (unknown.length > 0) {
    process.stderr.write(
      `no benchmark ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}\n`,
    )
    return 2
  }
  const wanted =
    positionals.length > 0 ? positionals : Object.keys(benches).filter((name) => !onlyByName.has(name))
  const lines: BenchLine[] = []
  for (const name of wanted.flatMap((each) => benches[each] ?? [])) {
    if (!values.json) process.stderr.write(`running ${name} …\n`)
    const found = await (await load(name)).bench()
    lines.push(...found)
    if (values.json) process.stdout.write(found.map((line) => `${toJson(line)}\n`).join(''))
  }
  if (!values.json) process.stdout.write(`${toTable(lines)}\n`)
  const over = lines.filter(({ atMost, ratio }) => atMost === true && ratio > 1)
  for (const { metric, value, limit } of over) {
    process.stderr.write(`over the limit: ${metric} is ${digits(value)}, at most ${digits(limit)}\n`)
  }
  return over.length === 0 ? 0 : 1
}

process.exitCode = await main()
