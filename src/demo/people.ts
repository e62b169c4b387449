/**
 * @module The sample people of the demo, each with the one thing their sign-in shows. Their names exist in the
 * sample organisation too, since AWS accepts only users that it knows.
 */
import { requestRoles } from './request-roles.js'

/** One password for everyone: the demo listens on this machine only and holds nothing. */
export const demoPassword = 'try-the-gatehouse'

export interface DemoPerson {
  readonly name: string
  readonly roles: readonly string[]
  readonly traits?: Readonly<Record<string, readonly string[]>>
  readonly enrolTotp: boolean
  /** What happens when this person opens the AWS access portal. */
  readonly shows: string
}

export const administrator = 'ada@example.com'

export const demoPeople: readonly DemoPerson[] = [
  {
    name: 'dev@example.com',
    roles: [
      'aws-sign-in',
      'aws-developer',
      'ReadOnlyAccess-on-production-555555555555',
      'production-requester',
    ],
    traits: { ...nameTraits('Devi', 'Raman'), team: ['payments'], cost_center: ['4711'] },
    enrolTotp: false,
    shows:
      'may sign in to AWS; asks for more of production; owns the access list payments-readers, whose review is due',
  },
  {
    name: 'nolabels@example.com',
    roles: ['engineer', 'production-reviewer'],
    traits: nameTraits('Noor', 'Haddad'),
    enrolTotp: false,
    shows: 'is refused: no role matches the labels of the application; decides on requests for production',
  },
  {
    name: 'v7off@example.com',
    roles: ['legacy-no-idp'],
    traits: nameTraits('Viktor', 'Lindqvist'),
    enrolTotp: false,
    shows: 'is refused: a v7 role says idp.saml.enabled: false',
  },
  {
    name: 'mfa@example.com',
    roles: ['aws-sign-in-mfa', 'production-requester'],
    traits: nameTraits('Mina', 'Fischer'),
    enrolTotp: true,
    shows:
      'must give a fresh code at each sign-in to AWS; is on call, and a rule lets them read production at once',
  },
  {
    name: 'gone@example.com',
    roles: ['aws-sign-in'],
    traits: nameTraits('Gwen', 'Marsh'),
    enrolTotp: false,
    shows: 'is locked here, and therefore inactive in AWS',
  },
]

/** As in the directory of the sample organisation, so that the sync finds nothing to correct. */
function nameTraits(given: string, family: string): Readonly<Record<string, readonly string[]>> {
  return { given_name: [given], family_name: [family] }
}

/** The resources that the demo's gateway starts with; `metadata` is the portal's own SAML metadata. */
export function demoResources(metadata: string): unknown[] {
  const awsLabels = { 'teleport.dev/origin': 'aws-identity-center' }
  return [
    {
      kind: 'cluster_auth_preference',
      version: 'v2',
      metadata: { name: 'cluster-auth-preference' },
      // A gateway of your own asks everyone for a second factor unless you say otherwise, as here.
      spec: { second_factor: 'optional' },
    },
    {
      kind: 'user',
      version: 'v2',
      metadata: { name: administrator },
      spec: { roles: ['editor', 'auditor', 'access'], traits: nameTraits('Ada', 'Okafor') },
    },
    {
      kind: 'role',
      version: 'v8',
      metadata: { name: 'aws-sign-in', description: 'Signs in to the AWS access portal' },
      spec: { allow: { app_labels: awsLabels } },
    },
    {
      kind: 'role',
      version: 'v8',
      metadata: { name: 'aws-sign-in-mfa', description: 'Signs in to AWS with a fresh code each time' },
      spec: { allow: { app_labels: awsLabels }, options: { require_session_mfa: true } },
    },
    {
      kind: 'role',
      version: 'v8',
      metadata: {
        name: 'aws-developer',
        description: 'Everything in staging and sandbox but administering staging',
      },
      spec: {
        allow: {
          account_assignments: [
            { account: '666666666666', permission_set: '*' },
            { account: '777777777777', permission_set: '*' },
          ],
        },
        deny: {
          account_assignments: [
            {
              account: '666666666666',
              permission_set: 'arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-1a2b3c4d5e6f7081',
            },
          ],
        },
      },
    },
    ...requestRoles,
    {
      kind: 'role',
      version: 'v8',
      metadata: { name: 'engineer', description: 'Opens nothing in AWS: it has no app_labels' },
      spec: { allow: {} },
    },
    {
      kind: 'role',
      version: 'v7',
      metadata: { name: 'legacy-no-idp', description: 'A v7 role that switches the identity provider off' },
      spec: { allow: { app_labels: { '*': '*' } }, options: { idp: { saml: { enabled: false } } } },
    },
    {
      kind: 'saml_idp_service_provider',
      version: 'v1',
      metadata: { name: 'aws-identity-center', labels: awsLabels },
      spec: {
        entity_descriptor: metadata,
        preset: 'aws-identity-center',
        attribute_mapping: [
          {
            name: 'https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter',
            name_format: 'uri',
            value: 'user.spec.traits.cost_center',
          },
        ],
      },
    },
  ]
}
