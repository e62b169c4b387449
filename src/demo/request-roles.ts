/** @module The roles of the demo by which somebody may ask for more of production, and somebody without it decides. */

/** Roles of all three parts: what may be asked for, who may ask, who decides. */
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
]

function role(name: string, description: string, allow: object): unknown {
  return { kind: 'role', version: 'v8', metadata: { name, description }, spec: { allow } }
}
