/** The bearer token of SCIM: somebody deletes it in AWS's console, and later a person puts in another one. */
import { tokenDigest } from '../../src/emulator/state/scim-token.js'
import { writeToken, type SimWorld } from './world.js'

/** From now on every call is refused. */
export function revokeTokens({ aws: { context } }: SimWorld): string {
  for (const { id } of context.state.tables.scimTokens.rows())
    context.commit({ table: 'scimTokens', delete: id })
  return 'in AWS delete the SCIM token'
}

/** Makes a second one, where none is left, and puts it into the free slot. */
export async function mendTokens(world: SimWorld): Promise<string> {
  const { context } = world.aws
  if (context.state.tables.scimTokens.rows().length > 0) return 'the SCIM token is as it was'
  const now = context.clock.now()
  const token = 'simulation.second'
  const row = { id: 'second', digest: tokenDigest(token), createdAt: now, expiresAt: now + 365 * 86_400_000 }
  context.commit({ table: 'scimTokens', put: row })
  await writeToken(world, token, 2)
  return 'replace the SCIM token'
}
