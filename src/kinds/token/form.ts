/**
 * @module The YAML form of a token (v1): a machine user's roles, traits and end. `ttl` is a way to write `expires`
 * and is turned into it, so that a stored token always says when it ends. The secret is no part of the document.
 */
import { z } from 'zod'
import {
  duration,
  instant,
  metadataSchema,
  optionalSection,
  storedMetadata,
} from '../../api/resource/fields.js'
import {
  findAt,
  parseWith,
  toPlain,
  type ParsedDocument,
  type ResourceProblem,
} from '../../api/resource/parse.js'
import { formatInstant, parseDuration, parseInstant, type Instant } from '../../core/time.js'
import type { Token } from '../../core/token/token.js'
import { heldRoles, holderTraits } from '../shared/holder-fields.js'
import { findSlashProblem } from '../shared/names.js'

/** What authors may write. */
export const tokenForm = z.strictObject({
  kind: z.literal('token').describe('The kind of this document'),
  version: z.literal('v1').describe('The version of its form'),
  metadata: metadataSchema(findTokenNameProblem),
  spec: z
    .strictObject({
      roles: optionalSection(heldRoles.optional()).describe('Names of the roles that the token holds'),
      traits: optionalSection(holderTraits.optional()).describe(
        'Facts about the token for templates: names with values',
      ),
      expires: optionalSection(instant.optional()).describe(
        'When the token ends, within a year; this or ttl is needed',
      ),
      ttl: optionalSection(duration.optional()).describe(
        'How long the token lasts from now on; turned into expires',
      ),
    })
    .describe('What the token may do, and until when'),
})

/** As stored: always with an end, never with a `ttl`. */
export type TokenDocument = {
  readonly kind: 'token'
  readonly version: 'v1'
  readonly metadata: ReturnType<typeof storedMetadata>
  readonly spec: {
    readonly roles?: readonly string[] | undefined
    readonly traits?: Token['traits'] | undefined
    readonly expires: string
  }
}

/** Why a name cannot be that of a token, if it cannot: it stands behind `token/` wherever a user's name stands. */
function findTokenNameProblem(name: string): string | undefined {
  // The characters of the names of users.
  if (!/^[\p{L}\p{M}\p{S}\p{N}\p{P}]*$/u.test(name)) return 'the name of a token must not contain spaces'
  if (/\p{Default_Ignorable_Code_Point}/u.test(name))
    return 'the name of a token must not contain invisible characters, or it looks like another name'
  return findSlashProblem(name)
}

/**
 * Parses a token document; a `ttl` counts from `now`. Whether its end is near enough is judged when it is written.
 * @throws GatewayError `INVALID_RESOURCE` with every problem.
 */
export function parseTokenDocument(
  input: unknown,
  now: Instant,
  source?: string,
): ParsedDocument<TokenDocument, Token> {
  const { metadata, spec } = parseWith(tokenForm, 'token', input, source, findEndProblem)
  const end = spec.expires ?? formatInstant(now + parseDuration(spec.ttl ?? '', 'spec.ttl'))
  const document: TokenDocument = {
    kind: 'token',
    version: 'v1',
    metadata: storedMetadata(metadata),
    spec: { ...toPlain({ roles: spec.roles, traits: spec.traits }), expires: end },
  }
  return {
    document,
    value: {
      name: metadata.name,
      roles: spec.roles ?? [],
      traits: spec.traits ?? {},
      // Written by formatInstant, so it reads.
      expiresAt: parseInstant(end) ?? 0,
    },
    ignored: [],
    revision: metadata.revision,
  }
}

/** A token ends: exactly one of the two says when. */
function findEndProblem(input: unknown): ResourceProblem[] {
  const has = (key: string): boolean => ![undefined, null].includes(findAt(input, ['spec', key]) as null)
  if (has('expires') !== has('ttl')) return []
  const message = has('ttl')
    ? 'give either expires or ttl, not both'
    : 'a token ends: give expires, for example 2027-01-31T08:00:00Z, or ttl, for example 720h'
  return [{ path: has('ttl') ? 'spec.ttl' : 'spec.expires', message }]
}
