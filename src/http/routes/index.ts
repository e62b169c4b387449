/**
 * @module Every route of the gateway, in the order in which they are matched. A route that is not here does not
 * exist; the architecture test checks that each file of this folder is.
 */
import type { Route } from '../route.js'
import { addOwnFactor } from './add-own-factor.js'
import { changeOwnPassword } from './change-own-password.js'
import { createResetLink } from './create-reset-link.js'
import { endOwnSession } from './end-own-session.js'
import { getMe } from './get-me.js'
import { getPendingSignIn } from './get-pending-sign-in.js'
import { getSession } from './get-session.js'
import { health } from './health.js'
import { inspectLink } from './inspect-link.js'
import { inviteUser } from './invite-user.js'
import { listApps } from './list-apps.js'
import { listAuditEvents } from './list-audit-events.js'
import { listAuditHeads } from './list-audit-heads.js'
import { listOwnSessions } from './list-own-sessions.js'
import { listRoles } from './list-roles.js'
import { listUsers } from './list-users.js'
import { ready } from './ready.js'
import { redeemLink } from './redeem-link.js'
import { removeOwnFactor } from './remove-own-factor.js'
import { samlContinue } from './saml-continue.js'
import { samlLogin } from './saml-login.js'
import { samlMetadata } from './saml-metadata.js'
import { samlSsoPost } from './saml-sso-post.js'
import { samlSsoRedirect } from './saml-sso-redirect.js'
import { signIn } from './sign-in.js'
import { signInTotp } from './sign-in-totp.js'
import { signOut } from './sign-out.js'
import { startOwnFactor } from './start-own-factor.js'
import { stepUp } from './step-up.js'

export const routes: readonly Route[] = [
  health,
  ready,
  samlMetadata,
  samlSsoRedirect,
  samlSsoPost,
  samlContinue,
  samlLogin,
  getSession,
  signIn,
  signInTotp,
  signOut,
  inspectLink,
  redeemLink,
  getMe,
  changeOwnPassword,
  startOwnFactor,
  addOwnFactor,
  removeOwnFactor,
  listOwnSessions,
  endOwnSession,
  listApps,
  getPendingSignIn,
  stepUp,
  listUsers,
  inviteUser,
  createResetLink,
  listRoles,
  listAuditEvents,
  listAuditHeads,
]
