/**
 * @module The use cases around people: signing in and out, sessions, one-time links, own settings. Each is one
 * function of (deps, input, where it came from); each change of state commits together with its audit event.
 * None of them knows HTTP: cookies, CSRF headers and rights are the edge's, in `http/`. Proofs come from `authn/`,
 * kept things from `store/`, and neither is constructed here.
 */
import type { Passkeys, PasswordHasher, Totp } from '../../authn/authn.js'
import type { Sealer } from '../../keys/keys.js'
import type { ResourceDeps } from '../resources/deps.js'

export interface PeopleDeps extends ResourceDeps {
  readonly passwords: PasswordHasher
  readonly totp: Totp
  readonly passkeys: Passkeys
  readonly sealer: Sealer
}

export type SignInDeps = PeopleDeps
export type OwnSettingsDeps = PeopleDeps
