/**
 * @module `gatehouse audit verify`: reads the whole log and checks every link, signed head and signature on this
 * side. Exit status 0 when it holds, 1 when it does not; always says what it cannot exclude.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { paths } from '../../api/contract.js'
import { headFileName } from '../../audit/file-head-sink.js'
import { parseHeadLines, type SignedHead } from '../../audit/head-sink.js'
import { verifyAudit } from '../../audit/verify.js'
import type { ChainLink } from '../../core/audit/chain.js'
import { describeVerification } from '../../core/audit/verification.js'
import { GatewayError } from '../../core/error.js'
import { parseInstant } from '../../core/time.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, dataDirOf, findConnection, type ApiClient, type ClientOptions } from '../client.js'
import { printable } from '../printable.js'

interface VerifyOptions extends ClientOptions {
  readonly heads?: string
  readonly key?: string[]
  readonly json?: true
}

const eventPage = z.object({
  items: z.array(z.object({ sequence: z.number(), hash: z.string(), json: z.string() })),
  nextCursor: z.string().optional(),
})

const headPage = z.object({
  heads: z.array(
    z.object({
      sequence: z.number(),
      hash: z.string(),
      signedAt: z.string().transform((text, context) => {
        const instant = parseInstant(text)
        if (instant !== undefined) return instant
        context.addIssue('is not an instant')
        return z.NEVER
      }),
      keyId: z.string(),
      signature: z.string(),
    }),
  ),
  keys: z.array(z.object({ id: z.string(), publicKeyPem: z.string() })),
})

const session = z.object({ clusterName: z.string() })

export function addAuditVerify(audit: Command, { env, out, setExitCode }: CliSurroundings): void {
  withConnection(audit.command('verify').description('check that no event was changed, removed or reordered'))
    .option('--heads <file>', 'copy of the signed heads that was kept elsewhere (JSON lines)')
    .option('--key <id...>', 'trust only these keys, by the IDs that you noted')
    .option('--json', 'the report as one JSON object')
    .action(async (options: VerifyOptions) => {
      const client = createClient(await findConnection(options, env))
      const { clusterName } = session.parse(await client.get(paths.session))
      // Before the heads of the gateway: it keeps each before it hands it out.
      const copies = await readCopies(options, env)
      const { heads, keys } = await readHeads(client)
      const report = await verifyAudit({
        clusterName,
        events: readEvents(client),
        heads,
        keys,
        copies,
        trustedKeyIds: options.key,
      })
      if (options.json) out(JSON.stringify(report))
      else for (const line of describeVerification(report)) out(printable(line))
      setExitCode(report.ok ? 0 : 1)
    })
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
  const all: z.infer<typeof headPage> = { heads: [], keys: [] }
  for (let after = 0; ;) {
    const page = headPage.parse(await client.get(paths.auditHeads, { after: String(after) }))
    all.heads.push(...page.heads)
    all.keys = page.keys
    const last = page.heads.at(-1)
    if (last === undefined) return all
    after = last.sequence
  }
}

/**
 * The copy that was named, or the one that the gateway on this machine keeps beside its database: better than none,
 * since whoever has only the database cannot change it too.
 */
async function readCopies(options: VerifyOptions, env: NodeJS.ProcessEnv): Promise<SignedHead[] | undefined> {
  const isElsewhere = (options.url ?? env.GATEHOUSE_URL) !== undefined
  if (options.heads === undefined && isElsewhere) return undefined
  const file = options.heads ?? join(dataDirOf(options, env), headFileName)
  try {
    return parseHeadLines(await readFile(file, 'utf8'), file)
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    if (options.heads === undefined) return undefined
    throw new GatewayError('INVALID_INPUT', `cannot read ${file}; give a file of signed heads`, {}, { cause })
  }
}
