/**
 * @module The YAML form of a lock (v2): exactly one target, a message for whoever is locked out, and when it ends.
 * `ttl` is a way to write `expires` and is turned into it. A target that this gateway does not have is refused: a lock
 * that hits nothing would be believed to hold.
 */
import { z } from 'zod'
import { textSchema } from '../../api/resource/field-schemas.js'
import {
  duration,
  instant,
  ignoredShape,
  listIgnored,
  metadataSchema,
  optionalSection,
  readField,
  readText,
  storedMetadata,
  unsupported,
} from '../../api/resource/fields.js'
import { findAt, parseWith, type ParsedDocument, type ResourceProblem } from '../../api/resource/parse.js'
import { lockTargets, type Lock, type LockTargetKind } from '../../core/lock/lock.js'
import { formatInstant, parseDuration, parseInstant, type Instant } from '../../core/time.js'

const ignoredFields = ['created_at', 'created_by'] as const
const maxMessageLength = 500
const maxTargetLength = 400

const targetName = readField(
  (value, report): string => {
    const name = readText(value, report)
    if (name === '' || name.length > maxTargetLength || /\p{C}/u.test(name)) {
      report(`must be a name of at most ${maxTargetLength} characters, none of them invisible`)
    }
    return name
  },
  textSchema({ minLength: 1, maxLength: maxTargetLength }),
).optional()

const notHere = unsupported('cannot be locked here; lock a user, a role, a session, a token or a connector')

const message = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (written.length > maxMessageLength) report(`must have at most ${maxMessageLength} characters`)
    // People see it on a page and in a terminal.
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(written))
      report('must be one line without control or invisible characters')
    return written
  },
  textSchema({ maxLength: maxMessageLength }),
)

/** What authors may write. `login` is another word for `user`: one name is all that a person has here. */
export const lockForm = z.strictObject({
  kind: z.literal('lock').describe('The kind of this document'),
  version: z.literal('v2').describe('The version of its form'),
  metadata: metadataSchema(),
  spec: z
    .strictObject({
      target: z
        .strictObject({
          user: targetName.describe('Name of a user'),
          role: targetName.describe('Name of a role: whoever holds it'),
          session: targetName.describe('Id of a session'),
          token: targetName.describe('Name of a token'),
          connector: targetName.describe('Name of a connector: whoever signs in through it'),
          login: targetName.describe('Another word for user'),
          access_request: notHere,
          bot_instance_id: notHere,
          device: notHere,
          join_token: notHere,
          mfa_device: notHere,
          node: notHere,
          server_id: notHere,
          windows_desktop: notHere,
        })
        .describe('Whom the lock keeps out: exactly one of user, role, session, token and connector'),
      message: optionalSection(message.optional()).describe('One line for whoever is locked out'),
      expires: optionalSection(instant.optional()).describe('When the lock ends; without it and ttl never'),
      ttl: optionalSection(duration.optional()).describe(
        'How long the lock holds from now on; turned into expires',
      ),
      ...ignoredShape(ignoredFields),
    })
    .describe('Whom the lock keeps out, and until when'),
})

/** As stored: one target, and never a `ttl`. */
export interface LockDocument extends Readonly<Record<string, unknown>> {
  readonly kind: 'lock'
  readonly version: 'v2'
  readonly metadata: ReturnType<typeof storedMetadata>
  readonly spec: {
    readonly target: { readonly [K in LockTargetKind]?: string }
    readonly message?: string
    readonly expires?: string
    readonly created_at?: unknown
    readonly created_by?: unknown
  }
}

/**
 * Parses a lock; a `ttl` counts from `now`. Whether its end lies ahead is judged when it is written.
 * @throws GatewayError `INVALID_RESOURCE` with every problem.
 */
export function parseLockDocument(
  input: unknown,
  now: Instant,
  source?: string,
): ParsedDocument<LockDocument, Lock> {
  const { metadata, spec } = parseWith(lockForm, 'lock', input, source, findProblems)
  const target = targetOf(spec.target)
  const end =
    spec.expires ?? (spec.ttl === undefined ? undefined : formatInstant(now + parseDuration(spec.ttl, 'ttl')))
  const text = spec.message === undefined || spec.message === '' ? undefined : spec.message
  return {
    document: {
      kind: 'lock',
      version: 'v2',
      metadata: storedMetadata(metadata),
      spec: {
        target: { [target.kind]: target.name },
        ...(text !== undefined && { message: text }),
        ...(end !== undefined && { expires: end }),
        ...(spec.created_at !== undefined && { created_at: spec.created_at }),
        ...(spec.created_by !== undefined && { created_by: spec.created_by }),
      },
    },
    value: {
      name: metadata.name,
      target,
      message: text,
      expiresAt: end === undefined ? undefined : parseInstant(end),
    },
    ignored: listIgnored(spec, 'spec', ignoredFields),
    revision: metadata.revision,
  }
}

function targetOf(target: z.output<typeof lockForm>['spec']['target']): Lock['target'] {
  for (const kind of lockTargets) {
    const name = target[kind]
    if (name !== undefined) return { kind, name }
  }
  return { kind: 'user', name: target.login ?? '' }
}

function findProblems(input: unknown): ResourceProblem[] {
  const problems: ResourceProblem[] = []
  const target = findAt(input, ['spec', 'target'])
  const named = [...lockTargets, 'login'].filter((kind) => isSet(findAt(target, [kind])))
  if (named.length !== 1) {
    const found = named.length === 0 ? '' : `; found ${named.join(' and ')}, so write one lock for each`
    problems.push({
      path: 'spec.target',
      message: `name exactly one of user, role, session, token and connector${found}`,
    })
  }
  if (isSet(findAt(input, ['spec', 'expires'])) && isSet(findAt(input, ['spec', 'ttl']))) {
    problems.push({ path: 'spec.ttl', message: 'give either expires or ttl, not both' })
  }
  return problems
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}
