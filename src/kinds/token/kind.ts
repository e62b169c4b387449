/**
 * @module The kind `token`: machine users. Creating one makes its secret, which is shown once and kept as a hash;
 * deleting one ends it at once. What a stored token lacks, its secret, is replaced by `service/tokens/rotate.ts`.
 */
import { resourceError } from '../../api/resource/parse.js'
import { day, formatInstant, type DurationMs } from '../../core/time.js'
import type { Token } from '../../core/token/token.js'
import type { Clock } from '../../lib/clock.js'
import { makeTokenSecret } from '../../service/tokens/secret.js'
import type { Kind, KindChange, ResourceDocument } from '../../service/resources/kind.js'
import { shownRoleNames } from '../../service/resources/role-refs.js'
import { presentHeldRoles, storeHeldRoles, warnOfMissingRoles } from '../shared/held-roles.js'
import { parseTokenDocument, tokenForm } from './form.js'

/** A secret that nobody has looked at for a year is one that nobody would miss. */
export const maxTokenLifetimeMs: DurationMs = 366 * day

const example = `kind: token
version: v1
metadata:
  name: deploy-pipeline
  description: Registers applications from the build.
spec:
  roles: [editor]
  ttl: 2160h
`

/** `clock` tells from when a `ttl` counts. */
export function createTokenKind({ clock }: { readonly clock: Clock }): Kind<Token> {
  return {
    name: 'token',
    plural: 'tokens',
    title: 'token',
    aliases: ['api_token', 'machine_user'],
    description:
      'A machine user: a secret by which a program acts with the roles of the token until it expires.',
    versions: ['v1'],
    example,
    schema: tokenForm,
    parse: (input, source) => parseTokenDocument(input, clock.now(), source),
    audit: { create: 'api_token.create', update: 'api_token.update', delete: 'api_token.delete' },
    auditFields: ({ roles, expiresAt }, { inventory }) => ({
      roles: shownRoleNames(roles, inventory),
      expires: formatInstant(expiresAt),
    }),
    columns: [
      {
        key: 'roles',
        title: 'Roles',
        of: ({ roles }, catalog) => shownRoleNames(roles, catalog.inventory).join(', '),
      },
      { key: 'expires', title: 'Expires', of: ({ expiresAt }) => formatInstant(expiresAt) },
    ],
    prepare: (document, change, _tx, context) => {
      assertEnd(document, change, context.clock.now())
      return Promise.resolve(storeHeldRoles(document, change.catalog))
    },
    present: presentHeldRoles,
    warn: ({ roles }, catalog, authority) => warnOfMissingRoles(roles, catalog, authority),
    effects: async ({ action, name, authority, dryRun }, tx, context) => {
      switch (action) {
        case 'create': {
          if (authority.kind === 'system')
            return { notes: [`Has no secret yet: gatehouse tokens rotate ${name}`] }
          const { secret, stored } = makeTokenSecret(context, name)
          await tx.tokens.put(stored)
          return dryRun ? { notes: ['Makes a secret and shows it once.'] } : { secret }
        }
        case 'update':
          return {}
        case 'delete':
          await tx.tokens.delete(name)
          return { notes: ['Its secret is worth nothing from now on.'] }
      }
    },
  }
}

/** A new end lies ahead, and not too far; one that stays is not judged again. */
function assertEnd(
  document: ResourceDocument,
  { before, after }: Pick<KindChange<Token>, 'before' | 'after'>,
  now: number,
): void {
  if (after === undefined || after.expiresAt === before?.expiresAt) return
  const message =
    after.expiresAt <= now
      ? 'lies in the past; a token that ended is of no use'
      : after.expiresAt > now + maxTokenLifetimeMs
        ? 'is more than a year ahead; make the token anew, or rotate it and move its end, once a year'
        : undefined
  if (message !== undefined) {
    throw resourceError('token', document, [{ path: 'spec.expires', message }])
  }
}
