/**
 * @module Everything that routes are given. Routes are thin: they hand these to one use case and turn its
 * value into an Answer. Only `app.ts` makes this object.
 */
import type { Instant } from '../core/time.js'
import type { ConfiguredSink } from '../service/audit/sink-status.js'
import type { AuditNewsPort, ReaderCount } from '../service/audit/follow-events.js'
import type { EvidenceDeps } from '../service/audit/make-evidence.js'
import type { ConnectorDeps } from '../service/connectors/deps.js'
import type { SignInDeps, OwnSettingsDeps } from '../service/people/deps.js'
import type { Kinds } from '../service/resources/kind.js'
import type { DeviceDeps } from '../service/devices/deps.js'
import type { DirectoryDeps } from '../service/directory/deps.js'
import type { IdentityCenterDeps } from '../service/identity-center/deps.js'
import type { KeysDeps } from '../service/keys/deps.js'
import type { TrustDeps } from '../service/trust/deps.js'
import type { TestAssertionDeps } from '../service/saml/test-assertion.js'
import type { SamlConnectorDeps } from '../service/connectors/saml-deps.js'
import type { WebhookTestDeps } from '../service/webhooks/test-webhook.js'

export interface HttpDeps
  extends
    SignInDeps,
    OwnSettingsDeps,
    ConnectorDeps,
    KeysDeps,
    TestAssertionDeps,
    TrustDeps,
    IdentityCenterDeps,
    SamlConnectorDeps,
    WebhookTestDeps,
    DeviceDeps,
    DirectoryDeps,
    EvidenceDeps {
  /** Every kind of resource; their routes come from it. */
  readonly kinds: Kinds
  /** Compared in constant time with the bearer token of the operator on this machine. */
  readonly operatorTokenHash: string
  /** Waits until every committed audit event has its place in the chain. */
  readonly flushAudit: () => Promise<void>
  /** Whether the process was asked to stop, so that balancers should lead people elsewhere. */
  readonly isStopping?: (() => boolean) | undefined
  /** When the certificate that Gatehouse serves itself ends; undefined where a proxy ends TLS. */
  readonly tlsValidTo?: (() => Instant) | undefined
  readonly auditNews: AuditNewsPort
  readonly auditReaders: ReaderCount
  /** Of the configuration of this process. */
  readonly auditSinks: readonly ConfiguredSink[]
  /** Public keys that verify signed audit heads. */
  readonly auditKeys: () => Promise<{ id: string; publicKeyPem: string }[]>
}
