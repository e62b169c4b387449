/**
 * @module What all connectors have in common, whatever protocol they speak: who is signed in through them, and what
 * claims give. A connector is a resource of one of three kinds; its name is unique over all of them, since a user
 * remembers the name alone. Adapters verify what an upstream says; this folder decides what follows from it.
 */
import type { RoleMapping } from './map-roles.js'

/** The kinds of resources that are connectors. */
export const connectorKinds = ['oidc', 'saml', 'github'] as const
export type ConnectorKind = (typeof connectorKinds)[number]

export interface Connector {
  readonly kind: ConnectorKind
  readonly name: string
  /** On the button of the sign-in page; the name where undefined. */
  readonly display: string | undefined
  /** Lines of `claims_to_roles`, `attributes_to_roles` or `teams_to_roles`, in their order. */
  readonly mappings: readonly RoleMapping[]
  /** Whether somebody who has no user here gets one. */
  readonly createsUsers: boolean
  /**
   * The claim or attribute that must equal the `externalId` under which the directory pushed a user, before that user is
   * bound for the first time (RFC 7643 3.1). Undefined: the name alone binds.
   */
  readonly scimExternalIdClaim: string | undefined
}

/** What the sign-in page says on the button. */
export function displayOf({ display, name }: Pick<Connector, 'display' | 'name'>): string {
  return display ?? name
}

const methodPrefix = 'connector:'
/** Beside the method of a connector: the upstream was told to ask the person again, and says that it did. */
export const reauthenticated = 'reauthenticated'

/** The method of a session that began at a connector. */
export function connectorMethod(name: string): string {
  return `${methodPrefix}${name}`
}

/** The connector through which a session began; undefined for one that began here. */
export function connectorOfMethods(methods: readonly string[]): string | undefined {
  return methods.find((method) => method.startsWith(methodPrefix))?.slice(methodPrefix.length)
}
