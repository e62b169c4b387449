/**
 * @module Every route of the gateway, in the order in which they are matched. A route that is not here does not
 * exist; the architecture test checks that each file of this folder is.
 */
import type { Kinds } from '../../service/resources/kind.js'
import { createDirectoryRoutes } from '../directory-routes.js'
import { createResourceRoutes } from '../resource-routes.js'
import type { Route } from '../route.js'
import { addConnectorScimToken } from './add-connector-scim-token.js'
import { decideConnectorHeld } from './decide-connector-held.js'
import { deleteConnectorScimToken } from './delete-connector-scim-token.js'
import { listConnectorHeld } from './list-connector-held.js'
import { listConnectorScimTokens } from './list-connector-scim-tokens.js'
import { addOwnFactor } from './add-own-factor.js'
import { startPasskeySignIn } from './start-passkey-sign-in.js'
import { signInPasskey } from './sign-in-passkey.js'
import { startSecondFactor } from './start-second-factor.js'
import { signInSecondFactor } from './sign-in-second-factor.js'
import { startStepUp } from './start-step-up.js'
import { listDevices } from './list-devices.js'
import { listOwnDevices } from './list-own-devices.js'
import { createDeviceToken } from './create-device-token.js'
import { inspectDeviceToken } from './inspect-device-token.js'
import { enrollDevice } from './enroll-device.js'
import { getDeviceStep } from './get-device-step.js'
import { askDevice } from './ask-device.js'
import { skipDevice } from './skip-device.js'
import { inspectDeviceChallenge } from './inspect-device-challenge.js'
import { signDeviceChallenge } from './sign-device-challenge.js'
import { refuseDeviceChallenge } from './refuse-device-challenge.js'
import { samlDevice } from './saml-device.js'
import { startLinkPasskey } from './start-link-passkey.js'
import { askOwnPasskey } from './ask-own-passkey.js'
import { startOwnPasskey } from './start-own-passkey.js'
import { addOwnPasskey } from './add-own-passkey.js'
import { renameOwnFactor } from './rename-own-factor.js'
import { applyDocuments } from './apply-documents.js'
import { changeListMembers } from './change-list-members.js'
import { changeOwnPassword } from './change-own-password.js'
import { createCliAuthorization } from './create-cli-authorization.js'
import { createCliToken } from './create-cli-token.js'
import { createMfaProof } from './create-mfa-proof.js'
import { makeRecoveryCodes } from './make-recovery-codes.js'
import { signInRecovery } from './sign-in-recovery.js'
import { startMfaProof } from './start-mfa-proof.js'
import { createResetLink } from './create-reset-link.js'
import { createSetupScript } from './create-setup-script.js'
import { decideListReview } from './decide-list-review.js'
import { endOwnSession } from './end-own-session.js'
import { endUserSession } from './end-user-session.js'
import { getKeys } from './get-keys.js'
import { getOpenApi } from './get-open-api.js'
import { explain } from './explain.js'
import { explainAccount } from './explain-account.js'
import { whoCan } from './who-can.js'
import { whoCanCsv } from './who-can-csv.js'
import { whoCould } from './who-could.js'
import { getAccessList } from './get-access-list.js'
import { getListHistory } from './get-list-history.js'
import { getListInAws } from './get-list-in-aws.js'
import { getListReview } from './get-list-review.js'
import { getMe } from './get-me.js'
import { getPendingSignIn } from './get-pending-sign-in.js'
import { getSession } from './get-session.js'
import { health } from './health.js'
import { inspectLink } from './inspect-link.js'
import { inviteUser } from './invite-user.js'
import { listAccessLists } from './list-access-lists.js'
import { listAccounts } from './list-accounts.js'
import { listApps } from './list-apps.js'
import { listAuditEvents } from './list-audit-events.js'
import { listAuditHeads } from './list-audit-heads.js'
import { listAuditSinks } from './list-audit-sinks.js'
import { removeAuditSink } from './remove-audit-sink.js'
import { listCandidates } from './list-candidates.js'
import { listKinds } from './list-kinds.js'
import { listFinishedDecisions } from './list-finished-decisions.js'
import { listListReviews } from './list-list-reviews.js'
import { listMembers } from './list-members.js'
import { listMembersCsv } from './list-members-csv.js'
import { listOwnSessions } from './list-own-sessions.js'
import { listPeople } from './list-people.js'
import { listPermissionSets } from './list-permission-sets.js'
import { listRoleAccess } from './list-role-access.js'
import { listRoleApplications } from './list-role-applications.js'
import { listRoleHolders } from './list-role-holders.js'
import { listRoles } from './list-roles.js'
import { listTokens } from './list-tokens.js'
import { getWebhook } from './get-webhook.js'
import { listWebhooks } from './list-webhooks.js'
import { rotateWebhook } from './rotate-webhook.js'
import { testWebhook } from './test-webhook.js'
import { githubCallback, oidcCallback } from './connector-callback.js'
import { getConnectorTest } from './get-connector-test.js'
import { startConnectorSignIn } from './start-connector-sign-in.js'
import { testConnector } from './test-connector.js'
import { listUserAccess } from './list-user-access.js'
import { listUserApplications } from './list-user-applications.js'
import { listUserSessions } from './list-user-sessions.js'
import { listUsers } from './list-users.js'
import { oidcDiscovery } from './oidc-discovery.js'
import { oidcJwks } from './oidc-jwks.js'
import { putListRequirements } from './put-list-requirements.js'
import { putMember } from './put-member.js'
import { ready } from './ready.js'
import { finishSaml } from './finish-saml-answer.js'
import { receiveSaml } from './receive-saml-answer.js'
import { samlSpMetadata } from './saml-sp-metadata.js'
import { redeemLink } from './redeem-link.js'
import { removeMember } from './remove-member.js'
import { removeOwnFactor } from './remove-own-factor.js'
import { rotateKeys } from './rotate-keys.js'
import { rotateToken } from './rotate-token.js'
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
import { submitListReview } from './submit-list-review.js'
import { searchAuditEvents } from './search-audit-events.js'
import { makeEvidencePack } from './make-evidence-pack.js'
import { exportAuditEvents } from './export-audit-events.js'
import { summariseAuditEvents } from './summarise-audit-events.js'
import { cancelAccessRequest } from './cancel-access-request.js'
import { createAccessRequest } from './create-access-request.js'
import { deleteAccessRequest } from './delete-access-request.js'
import { extendAccessRequest } from './extend-access-request.js'
import { getAccessRequest } from './get-access-request.js'
import { listAccessRequests } from './list-access-requests.js'
import { releaseAccessRequest } from './release-access-request.js'
import { reviewAccessRequest } from './review-access-request.js'
import { revokeAccessRequest } from './revoke-access-request.js'
import { assumeAccessRequest } from './assume-access-request.js'
import { dropAccessRequest } from './drop-access-request.js'
import { listRequestPromotions } from './list-request-promotions.js'
import { promoteAccessRequest } from './promote-access-request.js'
import { applyAwsicPlan } from './apply-awsic-plan.js'
import { approveAwsicPlan } from './approve-awsic-plan.js'
import { deleteOnCall } from './delete-on-call.js'
import { getOnCall } from './get-on-call.js'
import { listOnCall } from './list-on-call.js'
import { putOnCall } from './put-on-call.js'
import { deleteShelfItem } from './delete-shelf-item.js'
import { getRequestCaps } from './get-request-caps.js'
import { getRequestPicker } from './get-request-picker.js'
import { getShelf } from './get-shelf.js'
import { putShelfItem } from './put-shelf-item.js'
import { deleteAwsicScimToken } from './delete-awsic-scim-token.js'
import { getAwsicPlan } from './get-awsic-plan.js'
import { getAwsicPreflight } from './get-awsic-preflight.js'
import { getAwsicPreview } from './get-awsic-preview.js'
import { getAwsicScim } from './get-awsic-scim.js'
import { getAwsicSetup } from './get-awsic-setup.js'
import { getAwsicStatus } from './get-awsic-status.js'
import { getAwsicUninstall } from './get-awsic-uninstall.js'
import { getMetrics } from './get-metrics.js'
import { importAwsic } from './import-awsic.js'
import { listAwsicAssignments } from './list-awsic-assignments.js'
import { listAwsicChanges } from './list-awsic-changes.js'
import { listIntegrations } from './list-integrations.js'
import { putAwsicScim } from './put-awsic-scim.js'
import { resyncAwsic } from './resync-awsic.js'
import { scanAwsic } from './scan-awsic.js'
import { testAwsicConnection } from './test-awsic-connection.js'
import { testAwsicScim } from './test-awsic-scim.js'
import { uninstallAwsic } from './uninstall-awsic.js'
import { testAssertion } from './test-assertion.js'

/** The routes of every kind of resource come from the kinds; all others are listed here. */
export function createRoutes(kinds: Kinds): readonly Route[] {
  return [...fixedRoutes, ...createDirectoryRoutes(), ...kinds.all.flatMap(createResourceRoutes)]
}

const fixedRoutes: readonly Route[] = [
  health,
  ready,
  oidcDiscovery,
  oidcJwks,
  samlMetadata,
  samlSpMetadata,
  receiveSaml,
  finishSaml,
  samlSsoRedirect,
  samlSsoPost,
  samlContinue,
  samlLogin,
  getSession,
  signIn,
  signInTotp,
  startPasskeySignIn,
  signInPasskey,
  startSecondFactor,
  signInSecondFactor,
  signOut,
  inspectLink,
  redeemLink,
  startLinkPasskey,
  getMe,
  changeOwnPassword,
  startOwnFactor,
  addOwnFactor,
  removeOwnFactor,
  renameOwnFactor,
  askOwnPasskey,
  startOwnPasskey,
  addOwnPasskey,
  listOwnSessions,
  endOwnSession,
  createMfaProof,
  startMfaProof,
  makeRecoveryCodes,
  signInRecovery,
  createCliAuthorization,
  createCliToken,
  listApps,
  explain,
  explainAccount,
  whoCan,
  whoCanCsv,
  whoCould,
  getPendingSignIn,
  stepUp,
  startStepUp,
  listDevices,
  listOwnDevices,
  createDeviceToken,
  inspectDeviceToken,
  enrollDevice,
  getDeviceStep,
  askDevice,
  skipDevice,
  inspectDeviceChallenge,
  signDeviceChallenge,
  refuseDeviceChallenge,
  samlDevice,
  listUsers,
  inviteUser,
  createResetLink,
  listUserSessions,
  endUserSession,
  listTokens,
  rotateToken,
  listWebhooks,
  getWebhook,
  rotateWebhook,
  testWebhook,
  listAccessLists,
  getAccessList,
  listMembers,
  listMembersCsv,
  changeListMembers,
  listPeople,
  listCandidates,
  putListRequirements,
  getListInAws,
  getListHistory,
  getListReview,
  decideListReview,
  submitListReview,
  listListReviews,
  listFinishedDecisions,
  putMember,
  removeMember,
  listAccessRequests,
  createAccessRequest,
  getAccessRequest,
  deleteAccessRequest,
  reviewAccessRequest,
  extendAccessRequest,
  cancelAccessRequest,
  releaseAccessRequest,
  revokeAccessRequest,
  listRequestPromotions,
  promoteAccessRequest,
  assumeAccessRequest,
  dropAccessRequest,
  listOnCall,
  getOnCall,
  putOnCall,
  deleteOnCall,
  listUserAccess,
  listUserApplications,
  listRoles,
  listRoleAccess,
  listRoleApplications,
  listRoleHolders,
  listAccounts,
  listPermissionSets,
  listAuditEvents,
  listAuditHeads,
  getOpenApi,
  listKinds,
  applyDocuments,
  summariseAuditEvents,
  listAuditSinks,
  removeAuditSink,
  searchAuditEvents,
  exportAuditEvents,
  makeEvidencePack,
  getKeys,
  rotateKeys,
  createSetupScript,
  testAssertion,
  listIntegrations,
  getAwsicSetup,
  testAwsicConnection,
  scanAwsic,
  getAwsicPreview,
  importAwsic,
  getAwsicPreflight,
  getAwsicScim,
  putAwsicScim,
  deleteAwsicScimToken,
  testAwsicScim,
  getAwsicPlan,
  approveAwsicPlan,
  applyAwsicPlan,
  resyncAwsic,
  getAwsicStatus,
  listAwsicChanges,
  listAwsicAssignments,
  getAwsicUninstall,
  uninstallAwsic,
  getRequestPicker,
  getRequestCaps,
  getShelf,
  putShelfItem,
  deleteShelfItem,
  startConnectorSignIn,
  oidcCallback,
  githubCallback,
  testConnector,
  getConnectorTest,
  getMetrics,
  listConnectorScimTokens,
  addConnectorScimToken,
  deleteConnectorScimToken,
  listConnectorHeld,
  decideConnectorHeld,
]
