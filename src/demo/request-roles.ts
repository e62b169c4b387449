/**
 * @module The roles of the demo by which somebody may ask for more of production, and somebody without it decides; and the
 * rule that decides at once where whoever is on call only wants to read.
 */

/** The list of who is on call that the rule asks. */
export const onCallList = 'production'
export const onCallRule = 'on-call-reads-production'

/** What may be asked for, who may ask, who decides: three roles and a rule. */
export const requestRoles: readonly unknown[] = [
  role('production-access', 'Everything in production; held by nobody, only asked for', {
    account_assignments: [{ account: '555555555555', permission_set: '*' }],
  }),
  role('production-requester', 'Asks for production for a time', {
    request: { search_as_roles: ['production-access'], max_duration: '4h' },
  }),
  role('production-reviewer', 'Decides who gets production for a time', {
    review_requests: { roles: ['production-access'], preview_as_roles: ['production-access'] },
  }),
  {
    kind: 'access_review_rule',
    version: 'v1',
    metadata: { name: onCallRule, description: 'Whoever is on call reads production without waiting' },
    spec: {
      decision: 'approve',
      items: { accounts: ['555555555555'], permission_sets: ['ReadOnlyAccess'] },
      on_call: onCallList,
      max_duration: '2h',
      reason: 'On call for production',
    },
  },
]

function role(name: string, description: string, allow: object): unknown {
  return { kind: 'role', version: 'v8', metadata: { name, description }, spec: { allow } }
}
