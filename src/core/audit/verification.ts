/**
 * @module The report of a verification of the audit log, and its words for people, which include what no
 * verification of this kind can exclude.
 */
import { formatInstant, type Instant } from '../time.js'
import type { ChainBreakKind } from './chain.js'

export type AuditBreakKind =
  | ChainBreakKind
  /** The chain does not hold what a signed head says of it: it was rewritten. */
  | 'rewritten'
  /** A signed head tells of events that are not there: the end was cut off. */
  | 'truncated'
  | 'head_signature'
  | 'head_unknown_key'
  /** A copy has a head that agrees with the log, and the log has it no more. */
  | 'head_removed'
  /** No signed head says what the chain held where these events begin. */
  | 'start_unproven'
  /** No signed head says what the chain held where an excerpt ends, or at any event of a file that has to prove itself. */
  | 'end_unproven'
  /** What stands for events that were pruned is not signed by a key that counts. */
  | 'checkpoint_signature'
  /** A file does not hold what it says of itself. */
  | 'file'

export interface AuditBreak {
  readonly sequence: number
  readonly kind: AuditBreakKind
  readonly says: string
}

export interface AuditReport {
  readonly ok: boolean
  readonly clusterName: string
  readonly eventsChecked: number
  readonly headsChecked: number
  /** Heads from copies kept elsewhere, among `headsChecked`. */
  readonly copiesChecked: number
  readonly last: { readonly sequence: number; readonly hash: string }
  /** The newest head whose signature and hash both hold. */
  readonly lastSignedHead:
    { readonly sequence: number; readonly signedAt: Instant; readonly keyId: string } | undefined
  /** Events after the last good head. */
  readonly unsignedTail: number
  /** Whether the keys were pinned by the caller rather than taken from where the events are from. */
  readonly keysPinned: boolean
  /** Where events and keys are from. */
  readonly source: 'gateway' | 'file'
  /** Set where these are some events of a longer log: those after `after`, up to `through`. */
  readonly excerpt?: { readonly after: number; readonly through: number } | undefined
  /** Set where the log begins after events that retention removed. */
  readonly pruned?: { readonly through: number; readonly at: Instant } | undefined
  /** In the order of the chain; at most 100, `breaksFound` counts all. */
  readonly breaks: readonly AuditBreak[]
  readonly breaksFound: number
}

/** Lines for a terminal: result, breaks, then what this verification cannot exclude. */
export function describeVerification(report: AuditReport): string[] {
  const { lastSignedHead: head, breaksFound } = report
  const lines = [
    `${count(report.eventsChecked, 'event')} and ${count(report.headsChecked, 'signed head')} checked, ` +
      describeResult(breaksFound, head !== undefined),
  ]
  for (const { sequence, kind, says } of report.breaks) lines.push(`  at ${sequence}: ${kind}: ${says}`)
  if (breaksFound > report.breaks.length) lines.push(`  and ${breaksFound - report.breaks.length} more`)
  lines.push(
    head
      ? `last signed head: event ${head.sequence}, ${formatInstant(head.signedAt)}, key ${head.keyId}`
      : 'no signed head: nothing here proves that the chain was not rewritten as a whole',
    '',
    'What this cannot exclude:',
  )
  lines.push(...describeEdges(report), ...describeOrigin(report))
  lines.push(
    '- anything at all, if a signing key was stolen: its holder can sign a different history',
    '- that something happened and no event was ever written of it',
  )
  return lines
}

/** What is before and after the events that were checked. */
function describeEdges(report: AuditReport): string[] {
  const { excerpt, pruned, unsignedTail, copiesChecked } = report
  const lines: string[] = []
  if (pruned) {
    lines.push(
      `- events 1 to ${pruned.through} were pruned at ${formatInstant(pruned.at)} under retention: that they were ` +
        'unchanged until then is proven only by copies of them',
    )
  }
  if (unsignedTail > 0) {
    lines.push(
      `- the newest ${count(unsignedTail, 'event')} are after the last signed head: ` +
        'whoever can write to the database could have changed or removed them',
    )
  } else if (!excerpt) {
    lines.push('- that events after the last signed head were removed before this verification')
  }
  if (excerpt) {
    lines.push(
      `- anything of the events before ${excerpt.after + 1} and after ${excerpt.through}: they are not in this file`,
    )
  } else if (copiesChecked === 0) {
    lines.push(
      '- that the end of the log was removed together with its heads: compare with a copy of the heads ' +
        'that is kept elsewhere (--heads FILE)',
    )
  }
  return lines
}

function describeOrigin({ keysPinned, source }: AuditReport): string[] {
  const lines: string[] = []
  if (!keysPinned) {
    lines.push(
      source === 'gateway'
        ? '- that the signing keys were exchanged: they came from the gateway itself; compare their IDs with ' +
            'ones noted elsewhere (--key ID)'
        : '- that somebody made the whole file: its keys came with it; compare their IDs with ones noted ' +
            'elsewhere (--key ID, --keys FILE)',
    )
  }
  if (source === 'file') {
    lines.push('- what was done to the log between the making of this file and now')
  }
  return lines
}

/** Hashes alone prove little: whoever rewrites the chain computes them anew. Only a signed head is evidence. */
function describeResult(breaksFound: number, isSigned: boolean): string {
  if (breaksFound > 0) return `${count(breaksFound, 'break')} found`
  return isSigned ? 'nothing is wrong' : 'the hashes agree, but nothing is proven yet: no head is signed'
}

function count(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : 's'}`
}
