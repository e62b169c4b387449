/**
 * @module A service provider as Gatehouse trusts it: what its metadata says after our own checks, plus what an
 * administrator configured. Every address an assertion may be posted to is in `assertionConsumerServices`.
 */
import type { Labels } from '../role/role.js'

export interface AssertionConsumerService {
  /** https, or http on a loopback address where the configuration allows it. */
  readonly url: string
  readonly index: number
  /** `isDefault` as the metadata says it; undefined where it says nothing (SAML Metadata 2.2.3). */
  readonly isDefault: boolean | undefined
}

export type AttributeNameFormat = 'unspecified' | 'basic' | 'uri'

/** One line of `attribute_mapping`: `value` is an expression over the user. */
export interface AttributeMapping {
  readonly name: string
  readonly nameFormat: AttributeNameFormat
  readonly value: string
}

/** What SAML metadata of a service provider tells (SAML Metadata 2.4.4). */
export interface ServiceProviderMetadata {
  readonly entityId: string
  readonly assertionConsumerServices: readonly AssertionConsumerService[]
  /** PEM certificates that may sign its requests; empty where it does not sign. */
  readonly signingCertificates: readonly string[]
  readonly authnRequestsSigned: boolean
  readonly wantAssertionsSigned: boolean
  readonly nameIdFormats: readonly string[]
}

export interface ServiceProvider extends ServiceProviderMetadata {
  readonly name: string
  readonly labels: Labels
  readonly preset: string
  readonly attributeMapping: readonly AttributeMapping[]
  /** RelayState of IdP-initiated sign-in, sent as written. */
  readonly relayState: string | undefined
  /** Where the tile leads instead of IdP-initiated sign-in, first one wins. */
  readonly launchUrls: readonly string[]
}
