/**
 * @module `gatehouse audit verify`: reads the whole log from a gateway, or an export of it from a file, and checks every
 * link, signed head and signature on this side. Exit status 0 when it holds, 1 when it does not; always says what it cannot exclude.
 */
import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { paths } from '../../api/contract.js'
import { headFileName } from '../../audit/file-head-sink.js'
import { parseHeadLines, type SignedHead } from '../../audit/head-sink.js'
import { readEvidence, type Trust } from '../../audit/evidence-file.js'
import { readExport, readKeyFile, type ExportFile } from '../../audit/export-file.js'
import { verifyAudit, type AuditEvidence } from '../../audit/verify.js'
import type { ChainLink } from '../../core/audit/chain.js'
import { describeVerification } from '../../core/audit/verification.js'
import { GatewayError } from '../../core/error.js'
import { parseInstant } from '../../core/time.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, dataDirOf, findConnection, type ApiClient, type ClientOptions } from '../client.js'
import { printable } from '../printable.js'

interface VerifyOptions extends ClientOptions {
  readonly file?: string
  readonly heads?: string
  readonly key?: string[]
  readonly keys?: string
  readonly json?: true
}

const eventPage = z.object({
  items: z.array(z.object({ sequence: z.number(), hash: z.string(), json: z.string() })),
  nextCursor: z.string().optional(),
})

const instant = z.string().transform((text, context) => {
  const value = parseInstant(text)
  if (value !== undefined) return value
  context.addIssue('is not an instant')
  return z.NEVER
})

const headPage = z.object({
  heads: z.array(
    z.object({
      sequence: z.number(),
      hash: z.string(),
      signedAt: instant,
      keyId: z.string(),
      signature: z.string(),
    }),
  ),
  keys: z.array(z.object({ id: z.string(), publicKeyPem: z.string() })),
  checkpoint: z
    .object({
      sequence: z.number(),
      hash: z.string(),
      pruned: z.number(),
      firstAt: instant,
      lastAt: instant,
      prunedAt: instant,
      keyId: z.string(),
      signature: z.string(),
    })
    .optional(),
})

const session = z.object({ clusterName: z.string() })

export function addAuditVerify(audit: Command, { env, out, setExitCode }: CliSurroundings): void {
  withConnection(audit.command('verify').description('check that no event was changed, removed or reordered'))
    .option('--file <file>', 'verify an export (JSON lines) or an evidence pack, without a gateway')
    .option('--heads <file>', 'copy of the signed heads that was kept elsewhere (JSON lines)')
    .option('--key <id...>', 'trust only these keys, by the IDs that you noted')
    .option('--keys <file>', 'trust only the public keys in this file (PEM, or the key lines of an export)')
    .option('--json', 'the report as one JSON object')
    .action(async (options: VerifyOptions) => {
      // Before the heads of the gateway: it keeps each before it hands it out.
      const copies = await readCopies(options, env)
      const pinned = await readPinned(options)
      const evidence =
        options.file === undefined ? await ask(options, env) : await readFileEvidence(options.file, pinned)
      const keys = [...evidence.keys, ...pinned.keys]
      const report = await verifyAudit({ ...evidence, keys, copies, trustedKeyIds: pinned.ids })
      if (options.json) out(JSON.stringify(report))
      else for (const line of describeVerification(report)) out(printable(line))
      setExitCode(report.ok ? 0 : 1)
    })
}

async function ask(options: VerifyOptions, env: NodeJS.ProcessEnv): Promise<AuditEvidence> {
  const client = createClient(await findConnection(options, env))
  const { clusterName } = session.parse(await client.get(paths.session))
  return { clusterName, ...(await readHeads(client)), events: readEvents(client) }
}

/** An archive is told by its first bytes, as every zip has them. */
async function readFileEvidence(file: string, trust: Trust): Promise<AuditEvidence> {
  const { evidence, selection } = await readOne(file, trust).catch((cause: unknown) => {
    if (cause instanceof GatewayError) throw cause
    const says = `cannot read ${file}; give an export of the audit log or an evidence pack`
    throw new GatewayError('INVALID_INPUT', says, {}, { cause })
  })
  if (selection === undefined) return evidence
  throw new GatewayError(
    'INVALID_INPUT',
    `${file} holds a selection of the log (${JSON.stringify(selection)}), which proves nothing: the hash of an event ` +
      'covers all events before it, and those that were left out are not there. Export without filters',
  )
}

async function readOne(file: string, trust: Trust): Promise<ExportFile> {
  const handle = await open(file)
  const start = Buffer.alloc(2)
  await handle.read(start, 0, 2, 0).finally(() => handle.close())
  if (start.toString('latin1') === 'PK') return await readEvidence(file, trust)
  return await readExport(() => createReadStream(file), file)
}

/** Which keys count, where the caller says so: by their IDs, or as they are. */
async function readPinned(options: VerifyOptions): Promise<Trust> {
  if (options.keys === undefined) return { ids: options.key, keys: [] }
  const keys = readKeyFile(await readText(options.keys, 'public keys'), options.keys)
  return { ids: [...(options.key ?? []), ...keys.map(({ id }) => id)], keys }
}

async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new GatewayError('INVALID_INPUT', `cannot read ${file}; give a file of ${what}`, {}, { cause })
  }
}

async function* readEvents(client: ApiClient): AsyncGenerator<ChainLink> {
  let cursor: string | undefined
  do {
    const query = { cursor, order: 'asc', limit: '1000' }
    const page = eventPage.parse(await client.get(paths.auditEvents, query))
    yield* page.items
    cursor = page.nextCursor
  } while (cursor !== undefined)
}

async function readHeads(client: ApiClient): Promise<z.infer<typeof headPage>> {
  const heads: z.infer<typeof headPage>['heads'] = []
  for (let after = 0; ;) {
    const page = headPage.parse(await client.get(paths.auditHeads, { after: String(after) }))
    heads.push(...page.heads)
    const last = page.heads.at(-1)
    if (last === undefined) return { ...page, heads }
    after = last.sequence
  }
}

/**
 * The copy that was named, or the one that the gateway on this machine keeps beside its database: better than none,
 * since whoever has only the database cannot change it too.
 */
async function readCopies(options: VerifyOptions, env: NodeJS.ProcessEnv): Promise<SignedHead[] | undefined> {
  const isElsewhere = (options.url ?? env.GATEHOUSE_URL) !== undefined
  if (options.heads === undefined && (isElsewhere || options.file !== undefined)) return undefined
  const file = options.heads ?? join(dataDirOf(options, env), headFileName)
  if (options.heads !== undefined) return parseHeadLines(await readText(file, 'signed heads'), file)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : parseHeadLines(text, file)
}
