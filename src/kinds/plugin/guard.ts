/** @module The part of a plugin that says up to what a plan goes on by itself; what is left out is as by default. */
import { z } from 'zod'
import { optionalSection, texts } from '../../api/resource/fields.js'
import { defaultGuard, type GuardLimit, type GuardSettings } from '../../core/identity-center/settings.js'

const count = z.number().int().min(0).max(1_000_000)
const limit = z.strictObject({
  count: optionalSection(count.optional()).describe('So many'),
  share: optionalSection(z.number().min(0).max(1).optional()).describe(
    'Or this share of what is ours, if that is more',
  ),
})
const limitOf = (what: string) => optionalSection(limit.optional()).describe(`Removals of ${what}`)

export const guardForm = z.strictObject({
  removals: optionalSection(
    z
      .strictObject({
        users: limitOf('users, deactivations among them'),
        groups: limitOf('groups'),
        memberships: limitOf('memberships'),
        assignments: limitOf('assignments'),
      })
      .optional(),
  ).describe('Removals of one plan and of the hour before'),
  new_assignments: optionalSection(count.optional()).describe('New assignments within an hour'),
  management_account: optionalSection(count.optional()).describe('Changes in the management account'),
  sensitive_sets: optionalSection(texts.optional()).describe(
    'Permission sets, by patterns of their names or ARNs, that are watched more closely',
  ),
  sensitive: optionalSection(count.optional()).describe('Changes of assignments of those'),
  pairs_of_principal: optionalSection(z.number().int().min(1).max(1_000_000).optional()).describe(
    'Assignments of one user or group, beyond which it is set aside',
  ),
})

export function toGuard(form: z.output<typeof guardForm> | undefined): GuardSettings {
  const removals = form?.removals
  const of = (kind: keyof GuardSettings['removals']): GuardLimit => ({
    count: removals?.[kind]?.count ?? defaultGuard.removals[kind].count,
    share: removals?.[kind]?.share ?? defaultGuard.removals[kind].share,
  })
  return {
    removals: {
      users: of('users'),
      groups: of('groups'),
      memberships: of('memberships'),
      assignments: of('assignments'),
    },
    newAssignments: form?.new_assignments ?? defaultGuard.newAssignments,
    managementAccount: form?.management_account ?? defaultGuard.managementAccount,
    sensitiveSets: form?.sensitive_sets ?? defaultGuard.sensitiveSets,
    sensitive: form?.sensitive ?? defaultGuard.sensitive,
    pairsOfPrincipal: form?.pairs_of_principal ?? defaultGuard.pairsOfPrincipal,
  }
}
