/** @module A house with connectors, and what adapters would bring home to it. */
import type { UpstreamIdentity } from '../../../src/core/connector/identity.js'
import { completeConnectorSignIn } from '../../../src/service/connectors/complete-connector-sign-in.js'
import { desk, openHouse, type House } from '../people/house.js'

export const groups = { claims_to_roles: [{ claim: 'groups', value: 'platform', roles: ['access'] }] }

/** A house with the connector `okta`, which maps the group `platform` to the role `access`. */
export async function openHouseWithOkta(
  spec: Record<string, unknown> = groups,
  opened: Parameters<typeof openHouse>[0] = {},
): Promise<House> {
  const house = await openHouse(opened)
  await house.putRole('access')
  await house.putRole('extra')
  await putOidc(house, 'okta', spec)
  return house
}

export async function putOidc(house: House, name: string, spec: Record<string, unknown>): Promise<void> {
  const ours = { issuer_url: `https://${name}.example.com`, client_id: 'gatehouse', client_secret_id: 's-1' }
  await house.put('oidc', name, 'v3', { ...ours, ...spec })
}

export function identity(changes: Partial<UpstreamIdentity> & { via?: string } = {}): UpstreamIdentity {
  const { via = 'okta', ...rest } = changes
  return {
    connector: { kind: 'oidc', name: via },
    subject: 'https://okta.example.com#00u1',
    username: 'zoe@example.com',
    claims: { groups: ['platform'], email: ['zoe@example.com'] },
    ...rest,
  }
}

/** Signs in, and answers whom. */
export async function enterAs(house: House, who: UpstreamIdentity, previousToken?: string) {
  const result = await completeConnectorSignIn(house.deps, who, desk, { previousToken })
  if (result.status !== 'signed_in') throw new Error('nobody was signed in')
  return result
}
