/**
 * @module The room's functions as the one object that use cases are given (`service/saml/deps.ts` states it as an
 * interface; the composition root joins the two). Nothing is decided here.
 */
import type { AuthnRequest, Binding, SignatureState } from './saml.js'
import { parseFormParameters } from './form-parameters.js'
import { buildIdpMetadata } from './idp-metadata.js'
import { parsePostRequest, parseRedirectRequest } from './parse-request.js'
import { buildPostForm } from './post-form.js'
import { writeReadableAssertion } from './readable-assertion.js'
import { signResponse, signStatusResponse } from './sign-response.js'
import { verifyPostSignature, verifyRedirectSignature } from './verify-request.js'

/** A request, and the way to check its own signature with the certificates of its sender. */
export interface Arrived {
  readonly binding: Binding
  readonly request: AuthnRequest
  readonly relayState: string | undefined
  readonly verify: (certificates: readonly string[]) => SignatureState
}

export const samlAdapter = {
  /** @throws GatewayError `INVALID_SAML_REQUEST`. */
  parseRedirect(rawQuery: string): Arrived {
    const parsed = parseRedirectRequest(rawQuery)
    const { request, relayState } = parsed
    return {
      binding: 'redirect',
      request,
      relayState,
      verify: (certificates) => verifyRedirectSignature(parsed, certificates),
    }
  },
  /** @throws GatewayError `INVALID_SAML_REQUEST`. */
  parsePost(rawForm: string): Arrived {
    const { SAMLRequest: message, RelayState: state } = parseFormParameters(rawForm, [
      'SAMLRequest',
      'RelayState',
    ])
    const { request, relayState, xml } = parsePostRequest({
      SAMLRequest: message?.value,
      RelayState: state?.value,
    })
    return {
      binding: 'post',
      request,
      relayState,
      verify: (certificates) => verifyPostSignature(xml, certificates),
    }
  },
  signResponse,
  signStatusResponse,
  writeReadableAssertion,
  buildPostForm,
  buildIdpMetadata,
} as const
