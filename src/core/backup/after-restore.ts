/**
 * @module What a restore does not bring back to life. Between a backup and its restore people signed out, links were
 * used and sessions were ended for a reason; none of that is in the backup, so whatever opens a door for a while is
 * dropped. Every table of the store is named here, as kept or dropped: a table that nobody thought of is refused by a
 * test, not forgotten.
 */

/** Tables of which a restore keeps nothing, with the reason. */
export const droppedAtRestore: Readonly<Record<string, string>> = {
  browser_session: 'sessions that were ended since must not live again; people sign in anew',
  one_time_link: 'links that were used or replaced since must not work again; make new ones',
  cli_authorization: 'consents to command lines that wait to be redeemed',
  pending_sign_in: 'sign-ins that were under way',
  connector_sign_in: 'sign-ins through connectors that were under way',
  connector_test: 'tests of connectors that were under way',
  mfa_proof: 'second factors that were shown for one action',
  mfa_proof_subject: 'second factors that were shown for one action',
  passkey_challenge: 'challenges that were waiting for their answers',
  device_challenge: 'challenges that were waiting for their answers',
  device_enroll_token: 'tokens for devices that were used or withdrawn since must not work again',
  recovery_code: 'codes that were used or replaced since must not work again; people make new ones',
  approval: 'what was approved was another plan than the one that is made after the restore',
  seen_object: 'AWS is read anew: what was seen before the backup may be long gone',
  lease: 'belongs to processes that run no more',
}

/** Tables that a restore keeps. */
export const keptAtRestore: readonly string[] = [
  'access_list_member',
  'access_request',
  'answered_request',
  'api_token',
  'audit_checkpoint',
  'audit_event',
  'audit_head',
  'audit_sink',
  'change_record',
  'connector_identity',
  'device_key',
  'directory_hold',
  'directory_removal',
  'directory_resource',
  'directory_token',
  'finished_decision',
  'finished_review',
  'last_sign_in',
  'ledger_entry',
  'list_departure',
  'meta',
  'note',
  'on_call_list',
  'outbox_message',
  'passkey',
  'password_credential',
  'principal_link',
  'rate_limit',
  'resource',
  'review_decision',
  'saml_metadata',
  'saml_used_assertion',
  'scim_token',
  'shelf_item',
  'signing_key',
  'totp_credential',
]
