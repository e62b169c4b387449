/**
 * @module May this authority do this with this resource. Persons and machine users by their roles, with `where` judged
 * on the document; the gateway itself may do everything; the operator of its machine looks after what can shut out
 * everyone else: locks and what holds for all.
 */
import { GatewayError } from '../../core/error.js'
import { listRoleNames } from '../../core/inventory/assignment-role.js'
import type { Inventory } from '../../core/inventory/inventory.js'
import type { Reason } from '../../core/role/decision.js'
import {
  decideRight,
  rightJudge,
  type Right,
  type RightContext,
  type RightVerdict,
} from '../../core/role/right.js'
import type { Authority } from '../authority.js'
import { isMap } from './present.js'

export interface ResourceDecision {
  /** `conditional`: it hangs on the resource, and none was given. */
  readonly effect: 'allow' | 'deny' | 'conditional'
  readonly reasons: readonly Reason[]
}

/** What `operatorVerbs` of these kinds opens at the edge. */
const operatorKinds: readonly string[] = ['lock', 'cluster_auth_preference']
const operatorVerbs: readonly string[] = ['list', 'read', 'delete']

/** `document` is the resource as people see it; without it the answer may be `conditional`. */
export function mayOnResource(authority: Authority, right: Right, document?: object): ResourceDecision {
  switch (authority.kind) {
    case 'system':
      return { effect: 'allow', reasons: [] }
    case 'operator': {
      const allowed = operatorKinds.includes(right.resource) && operatorVerbs.includes(right.verb)
      return { effect: allowed ? 'allow' : 'deny', reasons: [] }
    }
    case 'person':
    case 'machine':
      return decideRight(authority.roles, right, contextOf(authority, document))
  }
}

/**
 * As {@link mayOnResource}, without reasons, for many documents; `silent` where nothing allows it and nothing denies it.
 */
export function resourceJudge(authority: Authority, right: Right): (document?: object) => RightVerdict {
  if (authority.kind === 'system' || authority.kind === 'operator') {
    const verdict = mayOnResource(authority, right).effect === 'allow' ? 'allow' : 'silent'
    return () => verdict
  }
  const judge = rightJudge(authority.roles, right)
  return (document) => judge(contextOf(authority, document))
}

/** One answer of {@link resourceJudge}. */
export function judgeOnResource(authority: Authority, right: Right, document?: object): RightVerdict {
  return resourceJudge(authority, right)(document)
}

function contextOf(authority: Authority, document: object | undefined): RightContext {
  const { user } = authority
  return document === undefined ? { user } : { user, resource: withEveryRoleName(document, authority) }
}

/**
 * The document as conditions see it: a rule on `spec.roles` or on the `spec.grants.roles` of an access list goes on to
 * hold when an account is renamed, and holds for the reference that is stored (T25).
 */
function withEveryRoleName(document: object, { inventory }: Authority): object {
  const spec: unknown = 'spec' in document ? document.spec : undefined
  if (inventory === undefined || !isMap(spec)) return document
  const grants = spec['grants']
  const named = {
    ...namesOf(spec, inventory),
    ...(isMap(grants) && { grants: { ...grants, ...namesOf(grants, inventory) } }),
  }
  return Object.keys(named).length === 0 ? document : { ...document, spec: { ...spec, ...named } }
}

/** The `roles` of a part of a document by every name that they have; nothing where there are none. */
function namesOf(part: Readonly<Record<string, unknown>>, inventory: Inventory): { roles?: unknown[] } {
  if (!Array.isArray(part['roles'])) return {}
  const held: readonly unknown[] = part['roles']
  return {
    roles: held.flatMap((name): readonly unknown[] =>
      typeof name === 'string' ? listRoleNames(inventory, name) : [name],
    ),
  }
}

/**
 * Asks for one resource. Where `document` is undefined because there is none, what could be allowed is.
 * @throws GatewayError `FORBIDDEN`, which tells nothing of the resource but the name that was asked for.
 */
export function assertMayOnResource(
  authority: Authority,
  right: Right,
  name: string,
  document: object | undefined,
): void {
  const { effect } = mayOnResource(authority, right, document)
  if (effect === 'allow' || (effect === 'conditional' && document === undefined)) return
  throw forbidden(authority, right, name)
}

/**
 * Asks before the resource is known: with one of these verbs some resource of the kind could be allowed.
 * @throws GatewayError `FORBIDDEN`, in the words of the first verb.
 */
export function assertMayWithAny(
  authority: Authority,
  resource: string,
  verbs: readonly string[],
  name: string,
): void {
  const [verb = ''] = verbs
  if (verbs.some((one) => mayOnResource(authority, { resource, verb: one }).effect !== 'deny')) return
  throw forbidden(authority, { resource, verb }, name)
}

/** @throws GatewayError `FORBIDDEN` unless some resource of the kind could be allowed. */
export function assertMayOnSome(authority: Authority, right: Right): void {
  if (mayOnResource(authority, right).effect === 'deny') throw forbidden(authority, right, undefined)
}

/** The refusal, the same whether or not there is such a resource. */
export function forbidden(
  authority: Authority,
  { resource, verb }: Right,
  name: string | undefined,
): GatewayError {
  const what = `"${verb}" on ${resource}${name === undefined ? '' : ` "${name.slice(0, 200)}"`}`
  const message =
    authority.kind === 'operator'
      ? `the operator token does not allow ${what}; sign in as a person whose roles do`
      : `your roles do not allow ${what}; ask an administrator for a role whose rules do`
  return new GatewayError('FORBIDDEN', message, {
    resource,
    verb,
    ...(name !== undefined && { name: name.slice(0, 200) }),
  })
}
