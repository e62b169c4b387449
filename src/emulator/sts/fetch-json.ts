/**
 * @module A document of an issuer, fetched once for each use: within a time and a size, without following anybody
 * elsewhere. It never calls an address that is not mapped to loopback.
 */
import { locate, type IssuerMap } from './issuer-map.js'

const timeoutMs = 5000
const maxBytes = 1_048_576

/** `unreachable`: another try may help. `unusable`: the issuer answered what AWS would not take. */
export type IssuerProblem = 'unreachable' | 'unusable'

export class IssuerError extends Error {
  override readonly name = 'IssuerError'
  readonly problem: IssuerProblem

  constructor(problem: IssuerProblem, message: string) {
    super(message)
    this.problem = problem
  }
}

/** The parsed body. @throws IssuerError */
export async function fetchJson(issuers: IssuerMap, address: string): Promise<unknown> {
  const target = locate(issuers, address)
  if (target === undefined) {
    throw new IssuerError('unreachable', `${address} is not mapped to a loopback address (--issuer-map)`)
  }
  const text = await fetchText(target, address)
  try {
    return JSON.parse(text)
  } catch {
    throw new IssuerError('unusable', `${address} answered no JSON`)
  }
}

async function fetchText(target: string, address: string): Promise<string> {
  try {
    const response = await fetch(target, {
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { accept: 'application/json' },
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      const problem = response.status >= 500 ? 'unreachable' : 'unusable'
      throw new IssuerError(problem, `${address} answered ${response.status}`)
    }
    return await readBounded(response, address)
  } catch (error) {
    if (error instanceof IssuerError) throw error
    throw new IssuerError('unreachable', `${address} could not be reached`)
  }
}

async function readBounded(response: Response, address: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  // The DOM's type of a body knows no iteration; Node's has it.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes) throw new IssuerError('unusable', `${address} answered more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
