/**
 * @module `gatehouse awsic publish-issuer DIR`: the discovery document and the keys of the issuer as static files, for a
 * public host that AWS can reach where it cannot reach the gateway. Files are replaced at once, never half; what is not
 * ours is not overwritten.
 */
import { chmod, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import type { z } from 'zod'
import { discoveryAnswer, jwksAnswer, paths } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { listIssuerWarnings } from '../../core/identity-center/integration.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { printable } from '../printable.js'

interface PublishOptions extends ClientOptions {
  readonly issuer?: string
}

export function addPublishIssuer(awsic: Command, { env, out }: CliSurroundings): void {
  withConnection(
    awsic
      .command('publish-issuer')
      .description('write the discovery document and the keys of the OIDC issuer as static files'),
  )
    .argument('<dir>', 'folder that is served at the root of the issuer')
    .option('--issuer <url>', 'which issuer, where integrations name several')
    .action(async (dir: string, options: PublishOptions) => {
      const client = createClient(await findConnection(options, env))
      const query = options.issuer === undefined ? {} : { issuer: options.issuer }
      const discovery = discoveryAnswer.parse(await client.get(paths.oidcDiscovery, query))
      const jwks = jwksAnswer.parse(await client.get(paths.oidcJwks))
      for (const path of await publishIssuer(dir, discovery, jwks)) out(printable(`wrote ${path}`))
      out(printable(`They have to be served at ${discovery.issuer}/.well-known/ as application/json.`))
      for (const warning of listIssuerWarnings(discovery.issuer)) out(printable(`Note: ${warning}`))
    })
}

type Discovery = z.infer<typeof discoveryAnswer>
type Jwks = z.infer<typeof jwksAnswer>

/**
 * Writes both files below `dir` and answers their paths.
 * @throws GatewayError `CONFLICT` where a file of somebody else is in the way.
 */
export async function publishIssuer(dir: string, discovery: Discovery, jwks: Jwks): Promise<string[]> {
  const discoveryPath = join(dir, paths.oidcDiscovery)
  const jwksPath = join(dir, paths.oidcJwks)
  const found = await readJsonFile(discoveryPath)
  const isOurs = found !== undefined && isOf(found, discovery)
  if (found !== undefined && !isOurs) throw inTheWay(discoveryPath, 'is of another issuer')
  const foundKeys = await readJsonFile(jwksPath)
  if (foundKeys !== undefined && !isOurs && !sharesKey(foundKeys, jwks)) {
    throw inTheWay(jwksPath, 'holds keys of somebody else')
  }
  await mkdir(dirname(discoveryPath), { recursive: true })
  // Keys first: whoever reads the document finds them.
  await replaceFile(jwksPath, jwks)
  await replaceFile(discoveryPath, discovery)
  return [jwksPath, discoveryPath]
}

function inTheWay(path: string, why: string): GatewayError {
  return new GatewayError(
    'CONFLICT',
    `${path} ${why}; it was left alone: choose another folder, or move it away`,
  )
}

function isOf(document: unknown, { issuer }: Discovery): boolean {
  return (
    typeof document === 'object' && document !== null && 'issuer' in document && document.issuer === issuer
  )
}

function sharesKey(document: unknown, { keys }: Jwks): boolean {
  const parsed = jwksAnswer.safeParse(document)
  return parsed.success && parsed.data.keys.some(({ kid }) => keys.some((key) => key.kid === kid))
}

/** Undefined where there is no file; null for a file that is no JSON. */
async function readJsonFile(path: string): Promise<unknown> {
  try {
    const { size } = await plainFile(path)
    return size > 1_000_000 ? null : JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function plainFile(path: string): Promise<{ readonly size: number }> {
  const found = await lstat(path)
  if (!found.isFile()) throw inTheWay(path, 'is no plain file')
  return found
}

/** Other processes see the old content or the new one. */
async function replaceFile(path: string, document: object): Promise<void> {
  const draft = `${path}.${process.pid}.new`
  const file = await open(draft, 'wx', 0o644)
  try {
    await file.writeFile(`${JSON.stringify(document, undefined, 2)}\n`)
    await file.sync()
    await file.close()
    // Whatever the umask is: a web server of another user serves it.
    await chmod(draft, 0o644)
    await rename(draft, path)
  } catch (error) {
    await file.close()
    await rm(draft, { force: true })
    throw error
  }
}
