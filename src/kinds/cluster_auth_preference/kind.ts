/**
 * @module The kind `cluster_auth_preference`: what holds for everyone. There is one; while none is stored, or after it
 * is deleted, the defaults hold.
 */
import { GatewayError } from '../../core/error.js'
import { coversHost } from '../../core/factor/factor.js'
import type { ClusterAuthPreference } from '../../core/role/role.js'
import { formatDuration } from '../../core/time.js'
import type { Kind } from '../../service/resources/kind.js'
import {
  clusterAuthPreferenceForm,
  clusterAuthPreferenceName,
  parseClusterAuthPreferenceDocument,
} from './form.js'
import { noteShutOut } from './note-shut-out.js'
import { noteOverdue } from './note-overdue.js'

const example = `kind: cluster_auth_preference
version: v2
metadata:
  name: ${clusterAuthPreferenceName}
spec:
  second_factors: [webauthn, otp]
  require_session_mfa: off
  default_session_ttl: 12h
`

export const clusterAuthPreferenceKind: Kind<ClusterAuthPreference> = {
  name: 'cluster_auth_preference',
  plural: 'cluster_auth_preferences',
  title: 'cluster preference',
  aliases: ['cap', 'auth_preference'],
  description: 'What holds for everyone: second factors, lifetime of sessions, sign-in to applications.',
  versions: ['v2'],
  singleton: clusterAuthPreferenceName,
  example,
  schema: clusterAuthPreferenceForm,
  parse: parseClusterAuthPreferenceDocument,
  operatorVerbs: ['list', 'read', 'delete'],
  audit: {
    create: 'auth_preference.update',
    update: 'auth_preference.update',
    delete: 'auth_preference.delete',
  },
  columns: [
    {
      key: 'second_factor',
      title: 'Second factor',
      of: ({ secondFactor, factorKinds }) => `${secondFactor} (${factorKinds.join(', ')})`,
    },
    {
      key: 'session_ttl',
      title: 'Sessions',
      of: ({ defaultSessionTtlMs }) => formatDuration(defaultSessionTtlMs),
    },
    {
      key: 'session_mfa',
      title: 'MFA for sign-ins, decisions and changes',
      of: ({ requireSessionMfa }) => requireSessionMfa,
    },
    { key: 'saml', title: 'Applications', of: ({ samlIdpEnabled }) => (samlIdpEnabled ? 'on' : 'off') },
  ],
  prepare: (document, { before, after }, _, { publicUrl }) => {
    const rpId = after?.webauthn?.rpId
    // One that is stored may stay when the host changes: passkeys are off until one of the two is mended.
    if (rpId !== undefined && rpId !== before?.webauthn?.rpId) assertCovers(rpId, new URL(publicUrl).hostname)
    return Promise.resolve(document)
  },
  effects: async (change, tx, { clock }) => ({
    notes: [
      ...(change.action === 'delete' ? ['The defaults hold from now on.'] : []),
      ...(await noteShutOut(change, tx)),
      ...(await noteOverdue(change, tx, clock.now())),
    ],
  }),
}

/** @throws GatewayError `INVALID_RESOURCE`: browsers would refuse every passkey. */
function assertCovers(rpId: string, host: string): void {
  if (coversHost(rpId, host)) return
  const message = `must be ${host}, the host of the public URL, or a domain above it`
  throw new GatewayError('INVALID_RESOURCE', `spec.webauthn.rp_id: ${message}`, {
    problems: [{ path: 'spec.webauthn.rp_id', message }],
  })
}
