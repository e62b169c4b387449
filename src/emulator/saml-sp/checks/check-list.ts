/**
 * @module The running list of checks on one Response. A check that fails ends the examination by throwing
 * {@link Refused}, which `check-response.ts` alone catches.
 */
import type { MessageId } from '../messages.js'

export type CheckName =
  | 'size'
  | 'encoding'
  | 'xml'
  | 'response'
  | 'status'
  | 'not-encrypted'
  | 'one-assertion'
  | 'unique-ids'
  | 'schema'
  | 'signature'
  | 'issuer'
  | 'destination'
  | 'subject-confirmation'
  | 'recipient'
  | 'audience'
  | 'times'
  | 'in-response-to'
  | 'relay-state'
  | 'replay'
  | 'name-id-format'
  | 'name-id'
  | 'attributes'

export interface Check {
  readonly name: CheckName
  readonly outcome: 'passed' | 'failed'
}

/** Why a Response is refused: what the person sees, and the technical cause. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly check: CheckName
  readonly says: MessageId

  constructor(check: CheckName, says: MessageId, cause: string) {
    super(cause)
    this.check = check
    this.says = says
  }
}

export class CheckList {
  readonly done: Check[] = []

  pass(name: CheckName): void {
    this.done.push({ name, outcome: 'passed' })
  }

  /** Ends the examination: the person sees `says`, the record holds `cause`. */
  refuse(name: CheckName, says: MessageId, cause: string): never {
    this.done.push({ name, outcome: 'failed' })
    throw new Refused(name, says, cause)
  }

  /** Passes when `problem` is undefined, otherwise refuses with it. */
  expect(name: CheckName, says: MessageId, problem: string | undefined): void {
    if (problem !== undefined) this.refuse(name, says, problem)
    this.pass(name)
  }
}
