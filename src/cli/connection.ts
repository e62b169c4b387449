/**
 * @module Which gateway a command talks to, and as whom: what options and environment say, else what `gatehouse login`
 * remembered, else the operator's token of the gateway on this machine. A token goes only to the gateway that it is
 * for (T15).
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { GatewayError } from '../core/error.js'
import { systemClock } from '../lib/clock.js'
import { credentialsFile, hasEnded, readCredentials } from './credentials.js'

export interface ClientOptions {
  readonly url?: string | undefined
  readonly dataDir?: string | undefined
}

export interface Connection {
  readonly url: string
  readonly token: string
  /** Which of the three said so, and where it stands. */
  readonly source:
    { readonly kind: 'environment' } | { readonly kind: 'credentials' | 'operator'; readonly file: string }
}

/** Name of the file in the data folder by which the operator of this machine is known. */
export const operatorFileName = 'operator.json'

const operatorFile = z.object({ url: z.string(), token: z.string(), publicUrl: z.string().optional() })

/** The data folder of the gateway on this machine. */
export function dataDirOf(options: ClientOptions, env: NodeJS.ProcessEnv): string {
  return options.dataDir ?? env.GATEHOUSE_DATA_DIR ?? './data'
}

/** The address that options or environment name. */
export function urlOf(options: ClientOptions, env: NodeJS.ProcessEnv): string | undefined {
  return options.url ?? env.GATEHOUSE_URL
}

/**
 * Finds gateway and token.
 * @throws GatewayError `NOT_SIGNED_IN` with what to do, where nothing tells; `INVALID_INPUT` for a broken file.
 */
export async function findConnection(options: ClientOptions, env: NodeJS.ProcessEnv): Promise<Connection> {
  const url = urlOf(options, env)
  const token = env.GATEHOUSE_TOKEN
  if (token !== undefined && token !== '') {
    if (url !== undefined) return { url, token, source: { kind: 'environment' } }
    throw new GatewayError(
      'NOT_SIGNED_IN',
      'GATEHOUSE_TOKEN says who, and nothing says where; set GATEHOUSE_URL to the gateway that it is for',
    )
  }
  // Whoever names a data folder means the operator of that gateway.
  if (options.dataDir === undefined) {
    const remembered = await findRemembered(url, env)
    if (remembered !== undefined) return remembered
  }
  return await findOperator(options, env, url)
}

/** The origin of an address. @throws GatewayError `INVALID_INPUT` for what is no address of a gateway. */
export function originOf(url: string): string {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return new URL(url).origin
  throw new GatewayError(
    'INVALID_INPUT',
    `"${url}" is no address of a gateway; write for example http://localhost:3080`,
  )
}

async function findRemembered(
  url: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Connection | undefined> {
  const file = credentialsFile(env)
  const { current, gateways } = await readCredentials(file)
  const origin = url === undefined ? current : originOf(url)
  const found = origin !== undefined && Object.hasOwn(gateways, origin) ? gateways[origin] : undefined
  if (origin === undefined || found === undefined) return undefined
  if (hasEnded(found, systemClock.now())) {
    throw new GatewayError(
      'NOT_SIGNED_IN',
      `you were signed in to ${origin} until ${found.expiresAt ?? ''}; run: gatehouse login --url ${origin}`,
    )
  }
  return { url: origin, token: found.token, source: { kind: 'credentials', file } }
}

/** What the gateway on this machine left for its operator; undefined where there is no such file. */
export async function readOperatorFile(path: string): Promise<z.infer<typeof operatorFile> | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch {
    return undefined
  }
  const parsed = operatorFile.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new GatewayError('INVALID_INPUT', `${path} is not a file that the gateway wrote; restart the gateway`)
}

async function findOperator(
  options: ClientOptions,
  env: NodeJS.ProcessEnv,
  url: string | undefined,
): Promise<Connection> {
  const file = join(dataDirOf(options, env), operatorFileName)
  const found = await readOperatorFile(file)
  if (found === undefined) {
    const login = `gatehouse login --url ${url ?? 'https://YOUR-GATEWAY'}`
    const operator = `cannot read ${file}: is the gateway running here, and as your user?`
    // Whoever names a folder means the operator; for all others that is an afterthought.
    const words =
      options.dataDir !== undefined
        ? `${operator} To sign in to one elsewhere: ${login}`
        : `You are signed in nowhere. Sign in: ${login}\n` +
          `As operator of this machine: ${operator} Set GATEHOUSE_DATA_DIR to its data folder.`
    throw new GatewayError('NOT_SIGNED_IN', words)
  }
  if (url !== undefined && originOf(url) !== originOf(found.url)) {
    throw new GatewayError(
      'NOT_SIGNED_IN',
      `the token in ${file} is for ${found.url} and is not sent to ${url}; set GATEHOUSE_TOKEN to one for there, or run: gatehouse login --url ${url}`,
    )
  }
  return { url: found.url, token: found.token, source: { kind: 'operator', file } }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller refuses it with its place
  }
}
