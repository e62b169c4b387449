/** @module A GitHub connector as the gateway works with it. The name of a user is the login at GitHub. */
import type { Connector } from './connector.js'

export interface GithubConnector extends Connector {
  readonly kind: 'github'
  readonly clientId: string
  readonly redirectUrl: string | undefined
  /** Where people sign in: https://github.com, or an Enterprise server. */
  readonly endpointUrl: string
  /** Where its API is: https://api.github.com, or an Enterprise server's /api/v3. */
  readonly apiEndpointUrl: string
  readonly allowsPrivateNetwork: boolean
}

/** The claim by which teams are told to the mapping: `ORGANIZATION/TEAM`, in the slugs of GitHub. */
export const teamsClaim = 'teams'
