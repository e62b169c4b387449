/**
 * @module The kind `cluster_auth_preference`: what holds for everyone. There is one; while none is stored, or after it
 * is deleted, the defaults hold.
 */
import type { ClusterAuthPreference } from '../../core/role/role.js'
import { formatDuration } from '../../core/time.js'
import type { Kind } from '../../service/resources/kind.js'
import {
  clusterAuthPreferenceForm,
  clusterAuthPreferenceName,
  parseClusterAuthPreferenceDocument,
} from './form.js'
import { noteOverdue } from './note-overdue.js'

const example = `kind: cluster_auth_preference
version: v2
metadata:
  name: ${clusterAuthPreferenceName}
spec:
  second_factors: [otp]
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
    { key: 'second_factor', title: 'Second factor', of: ({ secondFactor }) => secondFactor },
    {
      key: 'session_ttl',
      title: 'Sessions',
      of: ({ defaultSessionTtlMs }) => formatDuration(defaultSessionTtlMs),
    },
    {
      key: 'session_mfa',
      title: 'MFA for sign-ins and decisions',
      of: ({ requireSessionMfa }) => requireSessionMfa,
    },
    { key: 'saml', title: 'Applications', of: ({ samlIdpEnabled }) => (samlIdpEnabled ? 'on' : 'off') },
  ],
  effects: async (change, tx, { clock }) => ({
    notes: [
      ...(change.action === 'delete' ? ['The defaults hold from now on.'] : []),
      ...(await noteOverdue(change, tx, clock.now())),
    ],
  }),
}
