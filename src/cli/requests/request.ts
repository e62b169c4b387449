/** @module What the commands of `gatehouse requests` share: addresses at the interface, one request, and waiting for it. */
import {
  accessRequestAnswer,
  paths,
  type AccessRequestAnswer,
  type AccessRequestShown,
} from '../../api/contract.js'
import { showValue, type FormatOptions } from '../acl/list.js'
import { poll } from '../awsic/plugin.js'
import type { CliSurroundings } from '../cli.js'
import type { ApiClient } from '../client.js'
import { printable } from '../printable.js'
import { describeOutcome, describeRequest } from './request-text.js'

/** A path of the interface about one request. */
export function requestPath(path: string, id: string): string {
  return path.replace(':id', encodeURIComponent(id))
}

export async function readRequest(client: ApiClient, id: string): Promise<AccessRequestShown> {
  return accessRequestAnswer.parse(await client.get(requestPath(paths.accessRequest, id))).request
}

/** Posts to a path about one request that answers with what it is then. */
export async function postToRequest(
  client: ApiClient,
  path: string,
  id: string,
  body: object,
): Promise<AccessRequestAnswer> {
  return accessRequestAnswer.parse(await client.post(requestPath(path, id), body))
}

/** Asks the gateway until the request no longer waits for a decision; the gateway ends that wait some day. */
export async function waitForDecision(client: ApiClient, id: string): Promise<AccessRequestShown> {
  return await poll(async () => {
    const request = await readRequest(client, id)
    return request.state === 'pending' ? undefined : request
  })
}

/** The whole request. */
export function showRequest(
  request: AccessRequestShown,
  options: FormatOptions,
  surroundings: CliSurroundings,
): void {
  const { out } = surroundings
  if (options.json) out(JSON.stringify(request))
  else if (options.format !== 'text') showValue(request, options.format, surroundings)
  else for (const line of describeRequest(request)) out(line)
}

/** What became of it, in one line for people. */
export function tellOutcome(
  request: AccessRequestShown,
  options: FormatOptions,
  surroundings: CliSurroundings,
): void {
  if (options.json || options.format !== 'text') showRequest(request, options, surroundings)
  else surroundings.out(printable(describeOutcome(request)))
}
