/**
 * @module A service provider on the test's side: its metadata as AWS writes it, AuthnRequests by both bindings, and
 * the reading of what the gateway posts back. Shares no code with the gateway.
 */
import { deflateRawSync } from 'node:zlib'

export const spEntityId = 'https://eu-central-1.signin.aws.amazon.com/platform/saml/d-1234567890'
export const acsUrls = [
  'https://eu-central-1.signin.aws/platform/saml/acs/tenant-1',
  'https://eu-central-1.sso.signin.aws/platform/saml/acs/tenant-1',
] as const
export const ssoUrl = 'http://localhost:3080/saml/idp/sso'

export const spMetadata = [
  `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${spEntityId}">`,
  '<md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true"',
  ' protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">',
  '<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>',
  ...acsUrls.map(
    (url, index) =>
      `<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${url}"` +
      ` index="${index}"${index === 0 ? ' isDefault="true"' : ''}/>`,
  ),
  '</md:SPSSODescriptor></md:EntityDescriptor>',
].join('')

export const awsLabels = { 'teleport.dev/origin': 'aws-identity-center' }

/** The service provider as a resource; `spec` adds to it. */
export function spResource(spec: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    kind: 'saml_idp_service_provider',
    version: 'v1',
    metadata: { name: 'aws-identity-center', labels: awsLabels },
    spec: { entity_descriptor: spMetadata, preset: 'aws-identity-center', ...spec },
  }
}

export interface RequestOptions {
  readonly id?: string
  readonly issuer?: string
  readonly issueInstant?: string
  readonly destination?: string | null
  /** Attributes added to the AuthnRequest element, already escaped. */
  readonly attributes?: string
  readonly children?: string
}

let counter = 0

/** AuthnRequest as AWS sends it: short, unsigned, issued at the tests' epoch. */
export function authnRequest(options: RequestOptions = {}): { id: string; xml: string } {
  const id = options.id ?? `aws_${(++counter).toString().padStart(12, '0')}`
  const destination = options.destination === undefined ? ssoUrl : options.destination
  const xml =
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<saml2p:AuthnRequest xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol"' +
    ` ID="${id}" Version="2.0" IssueInstant="${options.issueInstant ?? '2026-03-01T09:00:00.000Z'}"` +
    (destination === null ? '' : ` Destination="${destination}"`) +
    ` ${options.attributes ?? ''}>` +
    `<saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">${options.issuer ?? spEntityId}</saml2:Issuer>` +
    `${options.children ?? ''}</saml2p:AuthnRequest>`
  return { id, xml }
}

/** Path and query of the HTTP-Redirect binding. */
export function redirectPath(xml: string, relayState?: string): string {
  const query = new URLSearchParams({ SAMLRequest: deflateRawSync(Buffer.from(xml)).toString('base64') })
  if (relayState !== undefined) query.set('RelayState', relayState)
  return `/saml/idp/sso?${query}`
}

export interface PostedForm {
  readonly action: string
  readonly xml: string
  readonly relayState: string | undefined
}

/** Reads the page that posts the Response. @throws Error when the page is no such form. */
export function readPostedForm(html: string): PostedForm {
  const action = /<form method="post" action="([^"]*)"/.exec(html)?.[1]
  const response = /name="SAMLResponse" value="([^"]*)"/.exec(html)?.[1]
  if (action === undefined || response === undefined) throw new Error(`no form in: ${html.slice(0, 300)}`)
  const relayState = /name="RelayState" value="([^"]*)"/.exec(html)?.[1]
  return {
    action: unescape(action),
    xml: Buffer.from(response, 'base64').toString('utf8'),
    relayState: relayState === undefined ? undefined : unescape(relayState),
  }
}

function unescape(text: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
      return entities[name ?? ''] ?? whole
    },
  )
}
