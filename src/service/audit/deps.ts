/** @module What use cases of the audit log are given beside the context. */
import type { ServiceContext } from '../context.js'

export interface AuditDeps extends ServiceContext {
  /** Waits until every committed audit event has its place in the chain. */
  readonly flushAudit: () => Promise<void>
  /**
   * Signs the head of the chain now.
   * @throws GatewayError `INTERNAL` where the chain contradicts what was signed before.
   */
  readonly signAuditHead: () => Promise<void>
  /** Public keys that verify signed audit heads. */
  readonly auditKeys: () => Promise<{ id: string; publicKeyPem: string }[]>
}
