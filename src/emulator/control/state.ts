/**
 * @module `GET /_emulator/state`: everything the emulator holds about the organisation, for tests and people.
 */
import type { Router } from 'express'
import type { EmulatorContext } from '../context.js'
import { formatTime } from '../context.js'
import { acsEndpoints, spEntityId } from '../state/instance.js'

export function mountState(router: Router, context: EmulatorContext): void {
  router.get('/_emulator/state', (_req, res) => {
    const { state, publicUrl, clock } = context
    res.json({
      now: formatTime(clock.now()),
      instance: state.instance,
      serviceProvider: {
        entityId: spEntityId(state.instance),
        metadataUrl: `${publicUrl}/platform/saml/metadata/${state.instance.identityStoreId}`,
        startUrl: `${publicUrl}/start`,
        acs: acsEndpoints(state.instance).map(({ path, ...rest }) => ({ ...rest, url: publicUrl + path })),
      },
      accounts: [...state.accounts.values()],
      permissionSets: [...state.permissionSets.values()],
      users: [...state.users.values()],
      groups: [...state.groups.values()],
      memberships: state.memberships,
      assignments: state.assignments,
      saml: { ...state.saml, idp: state.idp ?? null },
    })
  })
}
