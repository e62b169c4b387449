/**
 * @module Which profiles a person should have: one for each permission set in each account that they have, and one
 * session for each portal, in the words of the AWS configuration file. Names come from a template; where two would have
 * the same name, the account id tells them apart. What could not stand in that file on one line is left out and told.
 */
import { GatewayError } from '../../core/error.js'
import type { WantedSection } from './config-text.js'

export interface Portal {
  readonly startUrl: string
  readonly region: string
}

export interface AwsAccess {
  readonly accountId: string
  readonly accountName: string
  readonly permissionSet: string
  /** Undefined where nobody knows the portal of its instance. */
  readonly portal: Portal | undefined
}

export interface ProfileOptions {
  readonly template: string
  readonly sessionName: string
  /** `region` of the profiles; without it each keeps the one that somebody gave it. */
  readonly region: string | undefined
}

export interface WantedProfiles {
  /** Sessions, then profiles. */
  readonly sections: readonly WantedSection[]
  /** Sentences about what has no profile. */
  readonly left: readonly string[]
}

export const defaultTemplate = '{account}-{permission_set}'
/** `[default]` and `[profile default]` are the same profile. */
const unnamedProfile = 'default'
const placeholders = ['account', 'account_id', 'permission_set'] as const

/** @throws GatewayError `INVALID_INPUT` for a template, a name or a region that cannot be. */
export function planProfiles(access: readonly AwsAccess[], options: ProfileOptions): WantedProfiles {
  const { template, sessionName, region } = options
  assertTemplate(template)
  if (cleanName(sessionName) !== sessionName || sessionName === '') {
    throw new GatewayError('INVALID_INPUT', '--session-name: use letters, digits and . _ - @ +')
  }
  if (region !== undefined) assertRegion(region, '--region')
  const left: string[] = []
  const able = access.flatMap((one) => {
    const why = whyNot(one)
    if (why !== undefined) left.push(why)
    return one.portal === undefined || why !== undefined ? [] : [{ ...one, portal: one.portal }]
  })
  const portals = [...new Map(able.map(({ portal }) => [portal.startUrl, portal])).values()]
  const sessionOf = new Map(
    portals.map(({ startUrl }, place) => [
      startUrl,
      place === 0 ? sessionName : `${sessionName}-${place + 1}`,
    ]),
  )
  const names = able.map((one) => fill(template, one))
  const often = new Map<string, number>()
  for (const name of names) often.set(name, (often.get(name) ?? 0) + 1)
  const sessions = portals.map(({ startUrl, region: ssoRegion }) => ({
    header: `sso-session ${sessionOf.get(startUrl) ?? sessionName}`,
    values: [
      ['sso_start_url', startUrl],
      ['sso_region', ssoRegion],
      ['sso_registration_scopes', 'sso:account:access'],
    ] as const,
  }))
  const profiles = able.flatMap(({ accountId, permissionSet, portal }, place) => {
    const plain = names[place] ?? ''
    const name = (often.get(plain) ?? 0) > 1 ? `${plain}-${accountId}` : plain
    if (name === unnamedProfile) {
      left.push(
        `${permissionSet} on ${accountId} would be called [default], which the AWS CLI takes where no profile is named; give another --name, for example ${defaultTemplate}.`,
      )
      return []
    }
    return {
      header: `profile ${name}`,
      values: [
        ['sso_session', sessionOf.get(portal.startUrl) ?? sessionName],
        ['sso_account_id', accountId],
        ['sso_role_name', permissionSet],
        ...(region === undefined ? [] : [['region', region] as const]),
      ] as const,
    }
  })
  return { sections: [...sessions, ...firstOfEach(profiles, left)], left }
}

/** Two that are one by a name of the template's still, such as one without the permission set. */
function firstOfEach(profiles: readonly WantedSection[], left: string[]): WantedSection[] {
  const byHeader = new Map<string, WantedSection>()
  for (const profile of profiles) {
    const { header } = profile
    if (!byHeader.has(header)) byHeader.set(header, profile)
    else left.push(`Another one is called [${header}] already; put {permission_set} into --name.`)
  }
  return [...byHeader.values()]
}

function fill(template: string, { accountName, accountId, permissionSet }: AwsAccess): string {
  const values = { account: accountName, account_id: accountId, permission_set: permissionSet }
  return cleanName(
    template.replaceAll(
      /\{(account|account_id|permission_set)\}/g,
      (_all, key: keyof typeof values) => values[key],
    ),
  )
}

/** What needs no quotes in that file, and in no shell. */
function cleanName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._@+-]+/g, '-')
}

function assertTemplate(template: string): void {
  const unknown = [...template.matchAll(/\{([^}]*)\}?/g)].find(
    ([all, name]) => !all.endsWith('}') || !placeholders.some((one) => one === name),
  )
  if (template.length === 0 || template.length > 200 || unknown !== undefined) {
    const known = placeholders.map((one) => `{${one}}`).join(', ')
    throw new GatewayError('INVALID_INPUT', `--name: a template of ${known}, for example ${defaultTemplate}`)
  }
}

/** @throws GatewayError `INVALID_INPUT`. */
export function assertRegion(region: string, option: string): void {
  if (isRegion(region)) return
  throw new GatewayError('INVALID_INPUT', `${option}: "${region.slice(0, 40)}" is no region of AWS`)
}

function isRegion(region: string): boolean {
  return /^[a-z]{2,3}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/.test(region)
}

/** Names of AWS as AWS limits them: anything else is nobody's account, and must not reach the file. */
function whyNot({ accountId, permissionSet, portal }: AwsAccess): string | undefined {
  const what = `${permissionSet} on ${accountId}`
  if (portal === undefined) {
    return `${what}: nobody knows its access portal; give --start-url and --sso-region.`
  }
  const isSound =
    /^\d{12}$/.test(accountId) &&
    /^[\w+=,.@-]{1,32}$/.test(permissionSet) &&
    /^https?:\/\/[!-~]{1,500}$/.test(portal.startUrl) &&
    isRegion(portal.region)
  return isSound ? undefined : `${what}: its names cannot stand in the AWS configuration file.`
}
