/** @module A way of access as a line of a list begins: for the command line and for what a screen reader says of the picture. */
import type { AccessPathAnswer } from './contract/insight.js'

/** "by role auditor, held directly", "as an owner of …", "assigned directly in AWS, …". */
export function wayWords({ by, says }: Pick<AccessPathAnswer, 'by' | 'says'>): string {
  return by === 'role' || by === 'list' || by === 'request' ? `by ${says}` : says
}
