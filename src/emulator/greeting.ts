/**
 * @module What the emulator says when it has started: everything that a client needs to call it.
 */
import { ManualClock, type Clock } from '../lib/clock.js'
import { formatTime } from './context.js'
import { scimTenant } from './state/instance.js'
import type { Organisation } from './state/organisation.js'

/** `source` is a file or a few words that tell where the organisation is from. */
export function greet(
  url: string,
  organisation: Organisation,
  source: string,
  clock: Clock,
): readonly string[] {
  const { instance, contents, scimTokens } = organisation
  const count = (name: 'accounts' | 'permissionSets' | 'users' | 'groups'): number =>
    contents[name]?.length ?? 0
  const [credential] = contents.credentials ?? []
  const holds =
    `${count('accounts')} accounts, ${count('permissionSets')} permission sets, ` +
    `${count('users')} users, ${count('groups')} groups`
  return [
    `Identity Center emulator: ${url}/ (access portal ${url}/start, control under ${url}/_emulator/)`,
    `  organisation    ${source}: ${holds}`,
    `  instance        ${instance.instanceArn}`,
    `  identity store  ${instance.identityStoreId}`,
    `  SCIM endpoint   ${url}/${scimTenant(instance)}/scim/v2/`,
    `  SCIM token      ${scimTokens[0]?.token ?? `none yet: POST ${url}/_emulator/scim/tokens makes one`}`,
    ...(clock instanceof ManualClock
      ? [`  virtual clock   ${formatTime(clock.now())}; POST ${url}/_emulator/clock/advance moves it`]
      : []),
    'For AWS clients in another terminal:',
    `  export AWS_ENDPOINT_URL=${url}`,
    // The AWS CLI of version 1 and boto3 read the second name, the other SDKs the first.
    `  export AWS_REGION=${instance.region} AWS_DEFAULT_REGION=${instance.region}`,
    ...(credential === undefined
      ? []
      : [
          `  export AWS_ACCESS_KEY_ID=${credential.accessKeyId}`,
          `  export AWS_SECRET_ACCESS_KEY=${credential.secretAccessKey}`,
        ]),
  ]
}

/** Text of a file somebody else wrote, without what a terminal would obey. */
export function printable(text: string): string {
  return text.replace(/(?!\n)\p{Cc}/gu, '\uFFFD')
}
