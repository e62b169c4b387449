/**
 * @module Everything that routes are given. Routes are thin: they hand these to one use case and turn its
 * value into an Answer. Only `app.ts` makes this object.
 */
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
}
