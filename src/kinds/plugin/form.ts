/**
 * @module The YAML form of a plugin (v1): an instance of IAM Identity Center, how to reach it, what to look after and
 * how careful to be. Names of the reference load unchanged; what is stored has our names.
 */
import { z } from 'zod'
import { textSchema } from '../../api/resource/field-schemas.js'
import {
  durationFrom,
  flag,
  ignoredShape,
  listIgnored,
  metadataSchema,
  optionalSection,
  readField,
  readText,
  readTexts,
  storedMetadata,
  text,
  texts,
  unsupported,
} from '../../api/resource/fields.js'
import { findAt, isPlainObject, parseWith, toPlain } from '../../api/resource/parse.js'
import type { ParsedDocument, ResourceProblem } from '../../api/resource/parse.js'
import {
  findRegionProblem,
  partitionOfInstance,
  partitionOfRegion,
} from '../../core/identity-center/instance.js'
import { parseScimBaseUrl } from '../../core/identity-center/scim-base-url.js'
import { parseRoleArn } from '../../core/identity-center/integration.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import { minute } from '../../core/time.js'
import { resourceFilters, userFilters } from './filters.js'
import { guardForm } from './guard.js'
import { toSettings } from './settings.js'

const ignoredFields = ['credentials_source', 'id', 'status', 'generation'] as const

const instanceArn = readField(
  (value, report): string => {
    const arn = readText(value, report)
    if (arn.length > 200 || partitionOfInstance(arn) === undefined) {
      report(
        'is not the ARN of an instance of Identity Center; write for example arn:aws:sso:::instance/ssoins-1234567890abcdef',
      )
    }
    return arn
  },
  textSchema({ minLength: 1, maxLength: 200 }),
)

const region = readField(
  (value, report): string => {
    const name = readText(value, report)
    const problem = findRegionProblem(name)
    if (problem !== undefined) report(problem)
    return name
  },
  textSchema({ minLength: 1, maxLength: 40 }),
)

const roleArn = readField(
  (value, report): string => {
    const arn = readText(value, report)
    if (arn !== '' && (arn.length > 600 || parseRoleArn(arn) === undefined)) {
      report('is not the ARN of an IAM role; write for example arn:aws:iam::123456789012:role/Gatehouse')
    }
    return arn
  },
  textSchema({ maxLength: 600 }),
)

const names = readField((value, report): string[] => {
  const written = [...new Set(readTexts(value, report))]
  if (written.includes('')) report('a name is empty')
  return written
}, texts.meta() ?? {})

const one = <W extends string>(...words: readonly [W, ...W[]]) => z.enum(words)

const awsIc = z
  .strictObject({
    arn: instanceArn.describe('ARN of the instance'),
    region: region.describe('Region of the instance'),
    integration_name: optionalSection(text.optional()).describe('Former place of credentials.oidc'),
    credentials: optionalSection(
      z.strictObject({
        oidc: optionalSection(
          z.strictObject({
            integration_name: text.optional().describe('Name of the integration'),
            integrationName: text.optional().describe('The same, as the reference writes it'),
          }),
        ).describe('Tokens of our own issuer, for the role that an integration names'),
        system: optionalSection(
          z.strictObject({
            assume_role_arn: optionalSection(roleArn.optional()).describe('A role to assume with them'),
            assumeRoleArn: optionalSection(roleArn.optional()).describe(
              'The same, as the reference writes it',
            ),
          }),
        ).describe('Credentials that the gateway’s process has'),
      }),
    ).describe('How to sign in at AWS: exactly one of oidc and system'),
    provisioning_spec: optionalSection(
      z.strictObject({
        base_url: optionalSection(text.optional()).describe('SCIM endpoint, as AWS shows it'),
        allow_other_host: optionalSection(flag.optional()).describe(
          'Sends the SCIM token to a host that is not AWS’s',
        ),
        bearer_token: unsupported(
          'a SCIM token is kept apart from this document: gatehouse awsic scim set-token gives it',
        ),
      }),
    ).describe('Where users and groups are sent'),
    access_list_default_owners: optionalSection(names.optional()).describe(
      'Owners of the access lists that an import makes',
    ),
    saml_idp_service_provider_name: optionalSection(text.optional()).describe(
      'The service provider by which people sign in; without one another identity provider owns the users',
    ),
    user_sync_filters: optionalSection(userFilters.optional()).describe('Users that are sent; all without'),
    aws_accounts_filters: optionalSection(resourceFilters.optional()).describe('Accounts that we look after'),
    group_sync_filters: optionalSection(resourceFilters.optional()).describe('Groups that are imported'),
    roles_sync_mode: optionalSection(one('ALL', 'NONE').optional()).describe(
      'NONE: no account assignment roles, and nothing is imported',
    ),
    sync: optionalSection(one('paused', 'active').optional()).describe(
      'Active keeps AWS equal to what is said here; paused plans and changes nothing',
    ),
    drift: optionalSection(one('revert', 'report').optional()).describe(
      'What happens to changes of what we own that others made',
    ),
    restore_deleted_groups: optionalSection(one('restore', 'ask').optional()).describe(
      'What happens when somebody deleted a group of ours',
    ),
    deletion_delay: optionalSection(durationFrom(0).optional()).describe(
      'Between the end of a user here and its deletion in AWS',
    ),
    scan_interval: optionalSection(durationFrom(minute).optional()).describe(
      'The least time between two full looks at AWS',
    ),
    rate_share: optionalSection(z.number().min(0.01).max(1).optional()).describe(
      'Share of the limits of AWS that we use at most',
    ),
    guard: optionalSection(guardForm.optional()).describe('Up to what a plan goes on by itself'),
    ...ignoredShape(ignoredFields),
  })
  .describe('An instance of IAM Identity Center')

const settingsForm = z.strictObject({ aws_ic: awsIc })

/** What authors may write. */
export const pluginForm = z.strictObject({
  kind: z.literal('plugin').describe('The kind of this document'),
  version: z.literal('v1').describe('The version of its form'),
  metadata: metadataSchema(findPluginNameProblem),
  spec: z
    .strictObject({
      settings: settingsForm.optional().describe('What it connects to'),
      Settings: settingsForm.optional().describe('The same, as the reference writes it'),
      ...ignoredShape(['generation']),
    })
    .describe('What it connects to, and how'),
  // How it went elsewhere, as exports have it; not stored.
  status: z.unknown().optional().describe('Kept without effect'),
})

export type AwsIcForm = z.output<typeof awsIc>

export interface PluginDocument extends Readonly<Record<string, unknown>> {
  readonly kind: 'plugin'
  readonly version: 'v1'
  readonly metadata: ReturnType<typeof storedMetadata>
  readonly spec: { readonly settings: { readonly aws_ic: Readonly<Record<string, unknown>> } }
}

/** It is a part of paths, of notes and of the names of sessions in CloudTrail. */
function findPluginNameProblem(name: string): string | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(name)) return undefined
  return 'must have at most 80 letters, digits, dots, dashes and underscores, and begin with a letter or digit'
}

/** @throws GatewayError `INVALID_RESOURCE` with every problem. */
export function parsePluginDocument(
  input: unknown,
  source?: string,
): ParsedDocument<PluginDocument, PluginSettings> {
  const { metadata, spec, status } = parseWith(pluginForm, 'plugin', input, source, findProblems)
  // findProblems saw that there is one of the two.
  const form = (spec.settings ?? spec.Settings)?.aws_ic
  if (form === undefined) throw new TypeError('a plugin without settings passed')
  const { integration_name, credentials, provisioning_spec, ...rest } = form
  const integration =
    credentials?.oidc?.integration_name ?? credentials?.oidc?.integrationName ?? integration_name
  const assumed = credentials?.system?.assume_role_arn ?? credentials?.system?.assumeRoleArn
  const url = provisioning_spec?.base_url ?? ''
  const allowOtherHost = provisioning_spec?.allow_other_host ?? false
  const parsedUrl = url === '' ? undefined : parseScimBaseUrl(url, { allowOtherHost })
  const baseUrl = parsedUrl?.ok === true ? parsedUrl.url : undefined
  const normal = {
    ...rest,
    saml_idp_service_provider_name: rest.saml_idp_service_provider_name || undefined,
    credentials:
      integration !== undefined && credentials?.system === undefined
        ? ({ oidc: { integration_name: integration } } as const)
        : ({ system: { assume_role_arn: assumed || undefined } } as const),
    provisioning_spec:
      baseUrl === undefined && !allowOtherHost
        ? undefined
        : { base_url: baseUrl, allow_other_host: allowOtherHost ? true : undefined },
  }
  const document: PluginDocument = {
    kind: 'plugin',
    version: 'v1',
    metadata: storedMetadata(metadata),
    spec: { settings: { aws_ic: toPlain(normal) } },
  }
  return {
    document,
    value: toSettings(metadata.name, normal),
    ignored: [
      ...(isPlainObject(status) ? ['status'] : []),
      ...listIgnored(rest, 'spec.settings.aws_ic', ignoredFields),
    ],
    revision: metadata.revision,
  }
}

/** What only several fields together tell, in the document as it came. */
function findProblems(input: unknown): ResourceProblem[] {
  const spec = findAt(input, ['spec'])
  const written = ['settings', 'Settings'].filter((key) => findAt(spec, [key]) !== undefined)
  const [key] = written
  if (key === undefined || written.length > 1) {
    return [{ path: 'spec.settings', message: 'write settings with aws_ic in it, once' }]
  }
  const path = `spec.${key}.aws_ic`
  const settings = findAt(spec, [key, 'aws_ic'])
  const at = (...keys: string[]) => findAt(settings, keys)
  const problems: ResourceProblem[] = []
  const problem = (field: string, message: string) => problems.push({ path: `${path}.${field}`, message })

  const sources = [
    ...(isSet(at('credentials', 'oidc')) || isSet(at('integration_name')) ? ['oidc'] : []),
    ...(isSet(at('credentials', 'system')) ? ['system'] : []),
  ]
  if (sources.length !== 1) {
    const found = sources.length === 0 ? '' : '; found both'
    problem('credentials', `name exactly one of oidc (with integration_name) and system${found}`)
  } else if (sources[0] === 'oidc') {
    const named = ['integration_name', 'integrationName'].some((one) =>
      isFilled(at('credentials', 'oidc', one)),
    )
    if (!named && !isFilled(at('integration_name'))) {
      problem('credentials.oidc.integration_name', 'is missing: the name of an integration')
    }
  }

  const [arn, regionName] = [at('arn'), at('region')]
  const partition = typeof arn === 'string' && arn.length <= 200 ? partitionOfInstance(arn) : undefined
  if (
    partition !== undefined &&
    typeof regionName === 'string' &&
    findRegionProblem(regionName) === undefined
  ) {
    if (partitionOfRegion(regionName) !== partition) {
      problem('region', `${regionName} is not in the partition ${partition} of the instance`)
    }
  }

  const url = at('provisioning_spec', 'base_url')
  if (isSet(url)) {
    const allowed = lower(at('provisioning_spec', 'allow_other_host'))
    const allowOtherHost = allowed === true || allowed === 'true' || allowed === 'yes' || allowed === 'on'
    const parsed = parseScimBaseUrl(typeof url === 'string' ? url : '', { allowOtherHost })
    const [, hostRegion] =
      parsed.ok && parsed.isAwsHost ? (/^scim\.([a-z0-9-]+)\./.exec(parsed.host) ?? []) : []
    if (!parsed.ok) {
      const other = allowOtherHost ? '' : ' By allow_other_host: true a person allows another host.'
      problem('provisioning_spec.base_url', `${parsed.says}${other}`)
    } else if (hostRegion !== undefined && hostRegion !== regionName) {
      problem('provisioning_spec.base_url', `is of the Region ${hostRegion}, and the instance of another`)
    }
  }

  if (at('roles_sync_mode') === 'NONE' && !isExcludeAll(at('group_sync_filters'))) {
    problem(
      'group_sync_filters',
      'specifying group import filters is incompatible with roles_sync_mode NONE; write exactly one filter, exclude_name: "*"',
    )
  }
  return problems
}

function lower(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value
}

/** Exactly one filter that excludes every group. */
function isExcludeAll(filters: unknown): boolean {
  const list: readonly unknown[] = Array.isArray(filters) ? filters : []
  const [only, ...more] = list
  if (more.length > 0) return false
  if (!isPlainObject(only)) return false
  const set = Object.entries(only).filter(([, value]) => isFilled(value))
  const [key, pattern] = set[0] ?? []
  const words = ['exclude_name', 'excludeName', 'exclude_name_regex', 'excludeNameRegex']
  return set.length === 1 && words.includes(key ?? '') && pattern === '*'
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

function isFilled(value: unknown): boolean {
  return isSet(value)
}
