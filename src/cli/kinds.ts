/**
 * @module The kinds of resource as the command line knows them: asked from the gateway each time, so that a program
 * works with kinds that are newer than itself. A kind is found by name, plural or alias.
 */
import { kindListAnswer, paths, type KindAnswer } from '../api/contract.js'
import { GatewayError } from '../core/error.js'
import { suggest } from '../core/nearest.js'
import type { ApiClient } from './client.js'

export interface Selector {
  readonly kind: KindAnswer
  /** Undefined: all of the kind. */
  readonly name: string | undefined
}

export async function readKinds(client: ApiClient): Promise<readonly KindAnswer[]> {
  return kindListAnswer.parse(await client.get(paths.kinds)).items
}

/** Reads `KIND` and `KIND/NAME`. @throws GatewayError `INVALID_INPUT` for a kind that there is not. */
export function parseSelector(text: string, kinds: readonly KindAnswer[]): Selector {
  const slash = text.indexOf('/')
  const word = slash < 0 ? text : text.slice(0, slash)
  const kind = findKind(word, kinds)
  if (slash < 0) return { kind, name: undefined }
  const name = text.slice(slash + 1)
  if (name !== '') return { kind, name }
  throw new GatewayError('INVALID_INPUT', `"${text}" ends where a name is expected: ${kind.name}/NAME`)
}

/** As {@link parseSelector}, for exactly one resource; the only one of a kind needs no name. */
export function parseOneSelector(
  text: string,
  kinds: readonly KindAnswer[],
): { readonly kind: KindAnswer; readonly name: string } {
  const { kind, name = kind.singleton } = parseSelector(text, kinds)
  if (name !== undefined) return { kind, name }
  throw new GatewayError('INVALID_INPUT', `say which ${kind.title}: ${kind.name}/NAME`)
}

/** @throws GatewayError `INVALID_INPUT` that names the nearest one. */
export function findKind(word: string, kinds: readonly KindAnswer[]): KindAnswer {
  const wanted = word.toLowerCase().replaceAll('-', '_')
  const wordsOf = ({ name, plural, aliases }: KindAnswer) => [name, plural, ...aliases]
  const found = kinds.find((kind) => wordsOf(kind).includes(wanted))
  if (found !== undefined) return found
  const nearest = suggest(wanted, kinds.flatMap(wordsOf))
  const names = kinds.map(({ name }) => name).join(', ')
  throw new GatewayError('INVALID_INPUT', `"${word}" is not a kind${nearest}; this gateway knows ${names}`)
}

export function listPath(kind: string): string {
  return paths.resourceList.replace(':kind', encodeURIComponent(kind))
}

export function resourcePath({ kind, name }: { readonly kind: KindAnswer; readonly name: string }): string {
  return `${listPath(kind.name)}/${encodeURIComponent(name)}`
}
