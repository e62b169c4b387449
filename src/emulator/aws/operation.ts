/**
 * @module What an operation is: its names, the shape of its input, and what it does. One file per operation in the
 * folder of its service; `index.ts` of the folder lists them.
 */
import type { EmulatorContext } from '../context.js'
import type { Credential } from '../state/iam.js'
import type { Dialect } from './dialect.js'
import type { ParsedMembers, Members, StructureShape } from './shape.js'

/** Who calls: the credential that signed the request. */
export type Caller = Credential

/** One call of an operation. */
export interface Call {
  readonly context: EmulatorContext
  /** Nobody for operations that are not signed. */
  readonly caller: Caller
  /** The Region that was called; global services are in `us-east-1`. */
  readonly region: string
  readonly requestId: string
  /** Milliseconds since the epoch at which the call began. */
  readonly now: number
}

/** The answer's members. Instants are epoch seconds (`toSeconds`) in JSON and RFC 3339 text in Query. */
export type Output = Readonly<Record<string, unknown>>

export interface OperationDefinition<Of extends Members> {
  readonly name: string
  readonly access: 'read' | 'write'
  /** The IAM action that it needs, such as `sso:ListInstances`; undefined where AWS asks for none. */
  readonly action: string | undefined
  /** AWS takes the call without a signature, too. */
  readonly unsigned?: true
  readonly input: StructureShape<Of>
  /** ARNs that authorisation looks at; `*` where it is absent. */
  resources?(input: ParsedMembers<Of>, call: Call): readonly string[]
  /** @throws AwsError */
  handle(input: ParsedMembers<Of>, call: Call): Output | Promise<Output>
}

/** An operation whose input type is hidden, so that all of them go into one list. */
export interface Operation {
  readonly name: string
  readonly access: 'read' | 'write'
  readonly action: string | undefined
  readonly unsigned: boolean
  readonly input: StructureShape
  resources(input: unknown, call: Call): readonly string[]
  handle(input: unknown, call: Call): Output | Promise<Output>
}

export function defineOperation<const Of extends Members>(definition: OperationDefinition<Of>): Operation {
  const { name, access, action, input } = definition
  // `engine.ts` hands over what was parsed by this very shape.
  const typed = (value: unknown): ParsedMembers<Of> => value as ParsedMembers<Of>
  return {
    name,
    access,
    action,
    unsigned: definition.unsigned === true,
    input,
    resources: (value, call) => definition.resources?.(typed(value), call) ?? ['*'],
    handle: (value, call) => definition.handle(typed(value), call),
  }
}

/** A service: its dialect and its operations. */
export interface Service {
  readonly dialect: Dialect
  readonly operations: readonly Operation[]
}

/** JSON timestamps of AWS: seconds since the epoch with a fraction. */
export function toSeconds(epochMs: number): number {
  return epochMs / 1000
}

/** Query timestamps of AWS: RFC 3339 in UTC, whole seconds. */
export function toIsoSeconds(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
