/** @module All tables by name, as the query builder knows them. */
import type { AccessListMemberTable } from './access-list-member.js'
import type { AccessRequestTable } from './access-request.js'
import type { AnsweredRequestTable } from './answered-request.js'
import type { ApiTokenTable } from './api-token.js'
import type { ApprovalTable } from './approval.js'
import type { AuditCheckpointTable } from './audit-checkpoint.js'
import type { AuditEventTable } from './audit-event.js'
import type { AuditHeadTable } from './audit-head.js'
import type { AuditSinkTable } from './audit-sink.js'
import type { BrowserSessionTable } from './browser-session.js'
import type { ChangeRecordTable } from './change-record.js'
import type { CliAuthorizationTable } from './cli-authorization.js'
import type { DeviceChallengeTable, DeviceEnrollTokenTable, DeviceKeyTable } from './device.js'
import type { ConnectorIdentityTable, ConnectorSignInTable, ConnectorTestTable } from './connector.js'
import type {
  DirectoryHoldTable,
  DirectoryRemovalTable,
  DirectoryResourceTable,
  DirectoryTokenTable,
} from './directory.js'
import type { FinishedDecisionTable } from './finished-decision.js'
import type { FinishedReviewTable } from './finished-review.js'
import type { LastSignInTable } from './last-sign-in.js'
import type { LeaseTable } from './lease.js'
import type { LedgerEntryTable } from './ledger-entry.js'
import type { ListDepartureTable } from './list-departure.js'
import type { MetaTable } from './meta.js'
import type { MfaProofSubjectTable, MfaProofTable } from './mfa-proof.js'
import type { MigrationTable } from './migration.js'
import type { NoteTable } from './note.js'
import type { OnCallListTable } from './on-call-list.js'
import type { OneTimeLinkTable } from './one-time-link.js'
import type { OutboxMessageTable } from './outbox-message.js'
import type { PasskeyChallengeTable, PasskeyTable } from './passkey.js'
import type { PasswordCredentialTable } from './password-credential.js'
import type { PendingSignInTable } from './pending-sign-in.js'
import type { PrincipalLinkTable } from './principal-link.js'
import type { RateLimitTable } from './rate-limit.js'
import type { RecoveryCodeTable } from './recovery-code.js'
import type { ResourceTable } from './resource.js'
import type { ReviewDecisionTable } from './review-decision.js'
import type { SamlMetadataTable, SamlUsedAssertionTable } from './saml-connector.js'
import type { ScimTokenTable } from './scim-token.js'
import type { SeenObjectTable } from './seen-object.js'
import type { ShelfItemTable } from './shelf-item.js'
import type { SigningKeyTable } from './signing-key.js'
import type { TotpCredentialTable } from './totp-credential.js'

export interface Database {
  resource: ResourceTable
  meta: MetaTable
  password_credential: PasswordCredentialTable
  totp_credential: TotpCredentialTable
  passkey: PasskeyTable
  passkey_challenge: PasskeyChallengeTable
  device_key: DeviceKeyTable
  device_enroll_token: DeviceEnrollTokenTable
  device_challenge: DeviceChallengeTable
  one_time_link: OneTimeLinkTable
  browser_session: BrowserSessionTable
  api_token: ApiTokenTable
  cli_authorization: CliAuthorizationTable
  connector_identity: ConnectorIdentityTable
  connector_sign_in: ConnectorSignInTable
  connector_test: ConnectorTestTable
  saml_used_assertion: SamlUsedAssertionTable
  saml_metadata: SamlMetadataTable
  mfa_proof: MfaProofTable
  mfa_proof_subject: MfaProofSubjectTable
  recovery_code: RecoveryCodeTable
  rate_limit: RateLimitTable
  pending_sign_in: PendingSignInTable
  answered_request: AnsweredRequestTable
  signing_key: SigningKeyTable
  audit_checkpoint: AuditCheckpointTable
  audit_event: AuditEventTable
  audit_head: AuditHeadTable
  audit_sink: AuditSinkTable
  access_list_member: AccessListMemberTable
  list_departure: ListDepartureTable
  seen_object: SeenObjectTable
  principal_link: PrincipalLinkTable
  ledger_entry: LedgerEntryTable
  change_record: ChangeRecordTable
  approval: ApprovalTable
  last_sign_in: LastSignInTable
  lease: LeaseTable
  scim_token: ScimTokenTable
  note: NoteTable
  review_decision: ReviewDecisionTable
  finished_review: FinishedReviewTable
  finished_decision: FinishedDecisionTable
  outbox_message: OutboxMessageTable
  access_request: AccessRequestTable
  shelf_item: ShelfItemTable
  on_call_list: OnCallListTable
  directory_token: DirectoryTokenTable
  directory_resource: DirectoryResourceTable
  directory_removal: DirectoryRemovalTable
  directory_hold: DirectoryHoldTable
  migration: MigrationTable
}
