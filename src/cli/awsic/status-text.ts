/** @module The state of a sync in lines for a terminal: what is wrong first, each with what to do. Pure. */
import type { SyncStatusAnswer } from '../../api/contract.js'
import { describeJob } from './plugin.js'

const words = {
  setting_up: 'SETTING UP',
  healthy: 'HEALTHY',
  attention: 'NEEDS ATTENTION',
  failing: 'FAILING',
  paused: 'PAUSED',
} as const

export function describeStatus(status: SyncStatusAnswer): string[] {
  const { plugin, health, says, mode, sync, problems, credentials, errors, moreErrors, job } = status
  return [
    `${plugin}: ${words[health]}. ${says}`,
    ...problems.flatMap((problem) => [`! ${problem.says}`, `    do: ${problem.remedy}`]),
    '',
    `Sync:         ${sync}${mode === 'hybrid' ? ', hybrid: users belong to another identity provider' : ''}`,
    `Credentials:  ${credentialWord(credentials.ok)} (${credentials.kind}): ${credentials.says}`,
    ...describeTokens(status),
    ...describeRuns(status),
    ...describeTotals(status),
    ...describeGovernor(status),
    ...(job === undefined ? [] : [`${job.kind.padEnd(14)}${job.state}: ${describeJob(job)}`]),
    ...(errors.length === 0 ? [] : ['', 'Not as they should be:']),
    ...errors.flatMap(({ kind, name, says: cause, remedy, since, attempts }) => [
      `- ${kind} ${name}: ${cause}`,
      `    do: ${remedy} (since ${since}, tried ${attempts} times)`,
    ]),
    ...(moreErrors > 0 ? [`  and ${moreErrors} more`] : []),
  ]
}

function credentialWord(ok: boolean | undefined): string {
  if (ok === undefined) return 'unknown'
  return ok ? 'good' : 'BAD'
}

function describeTokens({ scim }: SyncStatusAnswer): string[] {
  const tokens = scim.tokens.map(
    ({ slot, state, daysLeft, inUse }) =>
      `slot ${slot} ${state}, ${daysLeft} days left${inUse ? '' : ', spare'}`,
  )
  return [
    `SCIM:         ${tokens.length === 0 ? 'no token' : tokens.join('; ')}`,
    ...scim.warnings.map((warning) => `! ${warning}`),
  ]
}

function describeRuns({ lastSync, lastScan }: SyncStatusAnswer): string[] {
  const scan =
    lastScan === undefined
      ? 'never'
      : `${lastScan.at}, took ${Math.round(lastScan.tookMs / 1000)} s, every ${Math.round(lastScan.everyMs / 1000)} s`
  return [
    `Last sync:    ${lastSync === undefined ? 'never' : `${lastSync.at}, ${lastSync.says}`}`,
    ...(lastSync?.remedy === undefined ? [] : [`              ${lastSync.remedy}`]),
    `Last scan:    ${scan}`,
  ]
}

function describeTotals({ totals, waiting, drift }: SyncStatusAnswer): string[] {
  const { accounts, permissionSets, users, groups, assignments } = totals
  const retried = waiting.retried ?? 0
  const again = retried > 0 ? `, ${retried} failed and tried again` : ''
  return [
    `In AWS:       ${accounts} accounts, ${permissionSets} permission sets, ${users} users, ${groups} groups, ${assignments} assignments`,
    ...(waiting.ends === undefined
      ? []
      : [
          `Ended:        ${waiting.ends.count} assignments to take away${waiting.ends.since === undefined ? '' : `, the first since ${waiting.ends.since}`}`,
        ]),
    `Waiting:      ${waiting.actions} changes, of which ${waiting.held} for a person; ${waiting.open} under way${again}; drift ${drift}`,
  ]
}

function describeGovernor({ governor }: SyncStatusAnswer): string[] {
  const { queue, secondsLeft, services } = governor
  const left = secondsLeft === undefined ? '' : `, about ${secondsLeft} s left`
  return [
    `Calls:        ${queue} queued${left}`,
    ...services
      .filter(({ calls, queue: queued }) => calls > 0 || queued > 0)
      .map(
        ({ service, rate, limit, calls, throttled }) =>
          `  ${service.padEnd(14)}${calls} calls, ${throttled} throttled, ${rate} a second of ${limit}`,
      ),
  ]
}
