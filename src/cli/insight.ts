/** @module Ways of access in words for a terminal: who reaches what, why, and what would give the rest. */
import type { ExplainAccountAnswer, HeldAccess, InsightSubject, WhoCanItem } from '../api/contract.js'
import { wayWords } from '../api/way-words.js'

const proofs = {
  second_factor: 'a second factor',
  hardware_key: 'a hardware key',
  trusted_device: 'a trusted device',
} as const

export function describeSubject({ account, permissionSet, app }: InsightSubject): string {
  if (account === undefined) return app ?? ''
  const where = `${account.name} (${account.id})`
  return permissionSet === undefined ? where : `${permissionSet.name} on ${where}`
}

/** What the sign-in takes; empty where nothing is asked for. */
export function describeProofs(signIn: WhoCanItem['signIn']): string {
  if (signIn === undefined) return ''
  if (!signIn.opens) return `cannot sign in: ${signIn.says ?? 'no role opens the application'}`
  return signIn.needs.length === 0 ? '' : `needs ${signIn.needs.map((need) => proofs[need]).join(' and ')}`
}

export function describeHeld({ permissionSet, paths, morePaths = 0, denied }: HeldAccess): string[] {
  const lines = paths.map(wayWords)
  if (morePaths > 0) lines.push(`and ${morePaths} more way${morePaths === 1 ? '' : 's'}`)
  if (denied) lines.push('a role denies it, and it is in AWS all the same')
  return permissionSet === undefined ? lines : [permissionSet.name, ...lines.map((line) => `  ${line}`)]
}

export function describeAccount(answer: ExplainAccountAnswer): string[] {
  const { says, access, moreAccess = 0, denied, lockedRequests = [], signIn, unclear, openings } = answer
  const proof = describeProofs(signIn)
  const named = ({
    name,
    sets,
    moreSets = 0,
  }: {
    name: string
    sets: string[]
    moreSets?: number | undefined
  }) => `${name}: ${sets.join(', ')}${moreSets > 0 ? ` and ${moreSets} more` : ''}`
  const openingLines = [
    ...openings.lists.map((list) => `  * Join the access list ${named(list)}`),
    ...more(openings.moreLists, 'access lists'),
    ...openings.requestable.map(({ permissionSet, reviewers, moreReviewers = 0 }) => {
      const others = moreReviewers > 0 ? ` and ${moreReviewers} more` : ''
      const who =
        reviewers.length === 0 ? 'nobody can approve it now' : `approved by ${reviewers.join(', ')}${others}`
      return `  * Request ${permissionSet.name}: ${who}`
    }),
    ...more(openings.moreRequestable, 'that may be requested'),
    ...openings.roles.map((role) => `  * Be given the role ${named(role)}`),
    ...more(openings.moreRoles, 'roles'),
  ]
  return [
    says,
    ...(proof === '' ? [] : [`Sign-in to AWS: ${proof}.`]),
    ...(unclear ? ['Something of this person cannot be read and may deny a part of it.'] : []),
    ...(access.length === 0
      ? []
      : ['', 'Reaches:', ...access.flatMap(describeHeld).map((line) => `  ${line}`)]),
    ...(moreAccess > 0 ? [`  and ${moreAccess} more permission sets`] : []),
    ...(denied.length === 0 ? [] : ['', `Denied by a role: ${denied.join(', ')}`]),
    ...(lockedRequests.length === 0 ? [] : ['', ...lockedRequests.map((one) => one.says)]),
    ...(openingLines.length === 0 ? [] : ['', 'What would give more there:', ...openingLines]),
  ]
}

function more(count: number | undefined, what: string): string[] {
  return count === undefined ? [] : [`  * and ${count} more ${what}`]
}
