/**
 * @module What a SAML sign-in leaves behind: requests sent and their answers, portal sessions, and the record of
 * every attempt, in the spirit of CloudTrail's `ExternalIdPDirectoryLogin`.
 */

/** An AuthnRequest that this service provider sent. */
export interface SentRequest {
  readonly id: string
  /** The ACS the answer must come to; undefined where the request left it to the identity provider. */
  readonly acsUrl: string | undefined
  readonly relayState: string | undefined
  /** The browser that was sent off; undefined for requests made by a control call, which any browser may answer. */
  readonly browserId: string | undefined
  readonly expiresAt: number
  readonly answered: boolean
}

export interface PortalSession {
  readonly userId: string
  readonly signedInAt: number
  readonly expiresAt: number
}

/** A checked sign-in that still waits for proof that it is in the browser which asked for it. */
export interface HeldSignIn {
  readonly browserId: string
  readonly signIn: SignIn
  readonly session: PortalSession
  readonly expiresAt: number
}

export interface SignInCheck {
  readonly name: string
  readonly outcome: 'passed' | 'failed'
}

/** One attempt. Secrets and assertions stay out; attributes are there because tests want to see them. */
export interface SignIn {
  readonly id: string
  /** RFC 3339. */
  readonly time: string
  readonly eventName: 'ExternalIdPDirectoryLogin'
  readonly outcome: 'Success' | 'Failure'
  readonly userName: string | null
  /** The technical cause, for administrators. */
  readonly errorMessage: string | null
  /** What the person saw. */
  readonly userMessage: string | null
  readonly failedCheck: string | null
  readonly checks: readonly SignInCheck[]
  readonly acsUrl: string
  readonly initiatedBy: 'sp' | 'idp'
  readonly inResponseTo: string | null
  readonly relayState: {
    readonly sent: string | null
    readonly returned: string | null
    readonly equal: boolean
  }
  readonly issuer: string | null
  readonly assertionId: string | null
  readonly sessionIndex: string | null
  readonly authnContextClassRef: string | null
  readonly sessionNotOnOrAfter: string | null
  readonly portalSessionExpiresAt: string | null
  /** Elements whose signatures were verified: `Response`, `Assertion`. */
  readonly signed: readonly string[]
  readonly attributes: Readonly<Record<string, readonly string[]>>
}
