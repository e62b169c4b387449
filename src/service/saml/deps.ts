/**
 * @module What the SAML use cases need beyond the common context: who we are as identity provider, the parsed
 * resources, the signing keys, and the SAML room's functions as one small object that `app.ts` fills in.
 */
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { DeviceCertificates } from '../../authn/authn.js'
import type { SigningKey, SigningKeys } from '../../keys/keys.js'
import type {
  AuthnRequest,
  Binding,
  ResponseContent,
  SignatureState,
  StatusResponseContent,
} from '../../saml/saml.js'
import type { ServiceContext } from '../context.js'
import type { Catalog } from '../resources/catalog.js'

/** An AuthnRequest with what came beside it. */
export interface ArrivedRequest {
  readonly binding: Binding
  readonly request: AuthnRequest
  /** Byte for byte as the service provider sent it. */
  readonly relayState: string | undefined
  /** Checks the request's own signature against the certificates in the sender's metadata. */
  readonly verify: (certificates: readonly string[]) => SignatureState
}

/** The functions of the SAML room that use cases call. */
export interface SamlAdapter {
  /** @throws GatewayError `INVALID_SAML_REQUEST`. */
  parseRedirect(rawQuery: string): ArrivedRequest
  /** @throws GatewayError `INVALID_SAML_REQUEST`. */
  parsePost(rawForm: string): ArrivedRequest
  /** @throws GatewayError `SAML_RESPONSE_TOO_LARGE`. */
  signResponse(content: ResponseContent, key: SigningKey): Promise<string>
  signStatusResponse(content: StatusResponseContent, key: SigningKey): Promise<string>
  /** The assertion for people to read: no signature, so nobody accepts it. @throws GatewayError `INVALID_INPUT`. */
  writeReadableAssertion(content: ResponseContent): string
  /** The page that posts a Response to the ACS, with the policy that lets it. */
  buildPostForm(form: {
    acsUrl: string
    samlResponseXml: string
    relayState: string | undefined
    applicationName: string
    /** Where the service provider sends the browser afterwards: some browsers check that too. */
    additionalFormActions: readonly string[]
  }): { html: string; contentSecurityPolicy: string }
  buildIdpMetadata(idp: { entityId: string; ssoUrl: string; certificatesPem: readonly string[] }): string
}

export interface SamlDeps extends ServiceContext {
  readonly catalog: Catalog
  readonly signingKeys: SigningKeys
  readonly saml: SamlAdapter
  /** Entity ID of this identity provider. */
  readonly entityId: string
  readonly ssoUrl: string
  /** Undefined where no certificate authority of devices is configured. */
  readonly deviceCertificates?: DeviceCertificates | undefined
}

/** How a use case of the sign-in ends; the HTTP edge turns each into its answer. */
export type SignInStep =
  /** Go to our own page that continues this sign-in. */
  | { readonly step: 'continue'; readonly handle: string }
  /** The person must prove who they are, again if `reauthenticate`. */
  | { readonly step: 'sign_in'; readonly handle: string; readonly reauthenticate: boolean }
  | { readonly step: 'step_up'; readonly handle: string }
  /** A device of the person's has to vouch, or may. */
  | { readonly step: 'device'; readonly handle: string }
  | { readonly step: 'refused'; readonly refusal: Refusal }
  /** Post this Response, a success or a status, to the service provider. */
  | {
      readonly step: 'respond'
      readonly acsUrl: string
      readonly xml: string
      readonly relayState: string | undefined
      readonly serviceProvider: ServiceProvider
    }

/** What the refusal page says. */
export interface Refusal {
  /** The `uid` of the audit event. */
  readonly reference: string
  readonly user: string
  readonly serviceProvider: string
  readonly title: string
  readonly reasons: readonly string[]
  readonly advice: readonly string[]
}
