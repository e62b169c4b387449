/** @module One document of each kind with as many of its fields as go together, for the reference in `docs/resources`. */
import { parse } from 'yaml'
import type { Value } from './commented-yaml.js'

const read = (text: string): Value => parse(text) as Value

export const fullDocuments: Readonly<Record<string, Value>> = {
  role: read(`
kind: role
version: v8
metadata:
  name: production-engineer
  description: Signs in to AWS, reads production, and may ask to change it.
  labels: { team: platform }
spec:
  options:
    max_session_ttl: 8h
    client_idle_timeout: 1h
    require_session_mfa: session
    device_trust_mode: required-for-humans
  allow:
    app_labels: { teleport.dev/origin: aws-identity-center }
    account_assignments:
      - account: '123456789012'
        permission_set: arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef
      - account: '^prod-.*$'
        permission_set: ReadOnly
    rules:
      - resources: [user]
        verbs: [list, read]
        where: contains(user.spec.traits["team"], "platform")
      - resources: [event]
        verbs: [list, read]
    request:
      roles: [production-writer]
      search_as_roles: [production-writer]
      claims_to_roles:
        - claim: team
          value: '*'
          roles: ['$1-lead']
      reason:
        mode: required
        prompt: Which ticket is it for?
      thresholds:
        - name: two of the platform team
          filter: contains(reviewer.traits["team"], "platform")
          approve: 2
          deny: 1
      suggested_reviewers: [alice@example.com]
      annotations: { channel: ['#platform'] }
      max_duration: 4h
    review_requests:
      roles: [production-writer]
      claims_to_roles:
        - claim: team
          value: platform
          roles: [production-writer]
      preview_as_roles: [production-writer]
      where: contains(reviewer.traits["team"], "platform")
  deny:
    account_assignments:
      - account: '999999999999'
        permission_set: '*'
`),
  login_rule: read(`
kind: login_rule
version: v1
metadata: { name: tidy-claims, description: Mail addresses and groups in small letters. }
spec:
  priority: 0
  traits_map:
    email: ['strings.lower(external.email)']
    groups: ['strings.lower(external.groups)']
`),
  oidc: read(`
kind: oidc
version: v3
metadata: { name: okta, description: The company directory. }
spec:
  issuer_url: https://example.okta.com
  client_id: 0oa1example
  client_secret: the secret that Okta shows with it
  display: Okta
  claims_to_roles:
    - claim: groups
      value: platform
      roles: [access]
    - claim: groups
      value: aws-*
      roles: ['$1']
  scope: [email, profile, groups]
  prompt: select_account
  acr_values: phr
  max_age: 8h
  username_claim: email
  allow_unverified_email: false
  create_users: true
  allow_private_network: false
`),
  saml: read(`
kind: saml
version: v2
metadata: { name: corp, description: The company directory by SAML. }
spec:
  display: Corporate sign-in
  entity_descriptor_url: https://idp.example.com/metadata
  attributes_to_roles:
    - name: groups
      value: platform
      roles: [access]
  username_attribute: email
  subject_attribute: employeeNumber
  allow_idp_initiated: false
  create_users: true
  allow_private_network: false
`),
  github: read(`
kind: github
version: v3
metadata: { name: github, description: Sign-in by teams of our organisation. }
spec:
  client_id: Iv1.example
  client_secret: the secret that GitHub shows with it
  display: GitHub
  teams_to_roles:
    - organization: example
      team: platform
      roles: [access]
  create_users: true
`),
  user: read(`
kind: user
version: v2
metadata: { name: alice@example.com, description: Leads the platform team. }
spec:
  roles: [access, requester]
  traits:
    team: [platform]
    email: [alice@example.com]
`),
  token: read(`
kind: token
version: v1
metadata: { name: deploy-pipeline, description: Registers applications from the build. }
spec:
  roles: [editor]
  traits: { team: [platform] }
  ttl: 2160h
`),
  saml_idp_service_provider: read(`
kind: saml_idp_service_provider
version: v1
metadata:
  name: aws-identity-center
  labels: { teleport.dev/origin: aws-identity-center }
spec:
  entity_id: https://eu-west-1.signin.aws.amazon.com/platform/saml/d-1234567890
  acs_url: https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/1234567890
  attribute_mapping:
    - name: https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter
      name_format: uri
      value: user.spec.traits.cost_center
  preset: aws-identity-center
  relay_state: https://console.aws.amazon.com/cloudwatch
`),
  cluster_auth_preference: read(`
kind: cluster_auth_preference
version: v2
metadata: { name: cluster-auth-preference }
spec:
  type: local
  second_factors: [webauthn, otp]
  allow_passwordless: true
  webauthn: { rp_id: gatehouse.example.com }
  require_session_mfa: session
  device_trust: { mode: optional, minimum_assurance: key_store }
  idp: { saml: { enabled: true } }
  default_session_ttl: 12h
  access_list_reviews:
    when_overdue: { then: freeze, after: 336h }
  access_requests: { shorter_than_aws_session: allow, pending_ttl: 24h }
`),
  integration: read(`
kind: integration
sub_kind: aws-oidc
version: v1
metadata: { name: aws }
spec:
  aws_oidc:
    role_arn: arn:aws:iam::123456789012:role/GatehouseIdentityCenter
    audience: sts.amazonaws.com
    issuer: https://issuer.example.com
`),
  plugin: read(`
kind: plugin
version: v1
metadata: { name: aws-identity-center }
spec:
  settings:
    aws_ic:
      arn: arn:aws:sso:::instance/ssoins-1234567890abcdef
      region: eu-central-1
      credentials:
        oidc: { integration_name: aws }
      provisioning_spec:
        base_url: https://scim.eu-central-1.amazonaws.com/0123abcd-0123-4567-89ab-0123456789ab/scim/v2/
      access_list_default_owners: [alice@example.com]
      saml_idp_service_provider_name: aws-identity-center
      user_sync_filters:
        - labels: { aws: 'yes' }
        - origin: okta
      aws_accounts_filters:
        - name: prod-*
        - exclude_name: sandbox-*
      group_sync_filters:
        - name_regex: ^aws-.*$
      roles_sync_mode: ALL
      sync: active
      drift: revert
      restore_deleted_groups: ask
      deletion_delay: 168h
      scan_interval: 1h
      rate_share: 0.5
      guard:
        removals:
          users: { count: 10, share: 0.05 }
          groups: { count: 5, share: 0.05 }
          memberships: { count: 50, share: 0.1 }
          assignments: { count: 50, share: 0.1 }
        new_assignments: 500
        management_account: 1
        sensitive_sets: [AdministratorAccess]
        sensitive: 5
        pairs_of_principal: 10000
`),
  access_list: read(`
kind: access_list
version: v1
metadata: { name: platform-team }
spec:
  title: Platform team
  description: Runs the shared accounts.
  owners:
    - name: alice@example.com
      description: Leads the team.
    - name: security-team
      membership_kind: list
  audit:
    next_audit_date: 2027-01-01T00:00:00Z
    recurrence: { frequency: 3, day_of_month: 1 }
    notifications: { start: 336h }
    when_overdue: { then: freeze, after: 336h }
  membership_requires:
    roles: [access]
    traits: { team: [platform] }
  ownership_requires:
    roles: [access]
  grants:
    roles: [production-engineer]
    traits: { cost_center: ['4711'] }
  owner_grants:
    roles: [reviewer]
`),
  access_list_member: read(`
kind: access_list_member
version: v1
metadata: { name: platform-team/alice@example.com }
spec:
  access_list: platform-team
  name: alice@example.com
  membership_kind: user
  expires: 2099-12-31T00:00:00Z
  reason: On call for the shared accounts.
`),
  access_review_rule: read(`
kind: access_review_rule
version: v1
metadata: { name: on-call-reads }
spec:
  decision: approve
  requester:
    roles: [engineer]
    traits: { team: [platform, data] }
  items:
    accounts: [prod-*]
    permission_sets: [ReadOnly]
  on_call: primary
  schedule:
    time_zone: Europe/Berlin
    shifts:
      - days: [mon, tue, wed, thu, fri]
        start: '18:00'
        end: '08:00'
  max_duration: 4h
  reason: On call
`),
  device: read(`
kind: device
version: v1
metadata: { name: c9cbb327-68a8-497e-b820-6a4b2bf58269 }
spec:
  os_type: macos
  asset_tag: C00AA0AAAA0A
  owner: alice@example.com
`),
  lock: read(`
kind: lock
version: v2
metadata: { name: alice-laptop-stolen }
spec:
  target: { user: alice@example.com }
  message: Your laptop was reported stolen; call the security team.
  ttl: 12h
`),
  webhook: read(`
kind: webhook
version: v1
metadata: { name: chat, description: Posts requests to the channel of the platform team. }
spec:
  url: https://hooks.example.com/gatehouse
  events: [access_request.created, access_request.approved, access_request.denied]
  items:
    accounts: [prod-*]
    permission_sets: [AdministratorAccess]
  allow_private_network: false
  disabled: false
`),
}
