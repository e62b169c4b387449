/**
 * @module What the use cases of connectors need: those of people, and the adapters that speak to upstreams. A sign-in
 * begins in `begin-sign-in.ts`, waits in the store (`pending.ts`), comes back in `answer.ts`, and ends in
 * `complete-connector-sign-in.ts`, which is the same for every protocol.
 */
import type { PeopleDeps } from '../people/deps.js'

export type ConnectorSignInDeps = PeopleDeps
