/**
 * @module The resources that a set-up consists of, as they are stored and as the options want them: integration,
 * service provider, plugin. They are sent together, so that all of them are kept or none; what no option speaks of
 * stays as it is stored, which is what makes it possible to enrol again and go on.
 */
import { paths, resourceAnswer } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { identityCenterPreset } from '../../core/saml/identity-center.js'
import type { ApiClient } from '../client.js'
import { mergeFields, pluginFields, type EnrolOptions } from './enrol-options.js'
import { unlessRefused } from './plugin.js'

interface Stored {
  readonly document: Readonly<Record<string, unknown>>
  readonly revision: string
}

export interface Enrolment {
  readonly documents: readonly object[]
  /** The role of the integration is not known yet: the set-up script has to run first. */
  readonly lacksRole: boolean
  /** Without a service provider of ours, another identity provider owns the users. */
  readonly isHybrid: boolean
}

/**
 * @param given `metadata`: SAML metadata of Identity Center, where the options name a file. `token`: of SCIM.
 * @throws GatewayError `INVALID_INPUT` for what a first enrolment needs and no option says.
 */
export async function prepareEnrolment(
  client: ApiClient,
  options: EnrolOptions,
  { metadata, token }: { readonly metadata: string | undefined; readonly token: string | undefined },
): Promise<Enrolment> {
  const stored = await readStored(client, 'plugin', options.plugin)
  const before = memberOf(memberOf(memberOf(stored?.document, 'spec'), 'settings'), 'aws_ic')
  const serviceProviderName = metadata === undefined ? undefined : options.plugin
  const said = pluginFields(options, { serviceProvider: serviceProviderName, token: token !== undefined })
  const fields = mergeFields(before, said)
  // One that the page began may have no owners yet: the import asks for them.
  const missing = [
    ['arn', '--instance-arn'],
    ['region', '--instance-region'],
    ...(stored === undefined ? [['access_list_default_owners', '--access-list-default-owner']] : []),
  ].flatMap(([member = '', flag = '']) => (fields[member] === undefined ? [flag] : []))
  if (missing.length > 0) {
    throw new GatewayError('INVALID_INPUT', `a first enrolment needs ${missing.join(', ')}`)
  }
  const integration = await prepareIntegration(client, options)
  return {
    documents: [
      ...integration.documents,
      ...(metadata === undefined ? [] : [await serviceProvider(client, options, metadata)]),
      {
        kind: 'plugin',
        version: 'v1',
        ...keepMetadata(stored, options.plugin),
        spec: { settings: { aws_ic: fields } },
      },
    ],
    lacksRole: integration.lacksRole,
    isHybrid: fields['saml_idp_service_provider_name'] === undefined,
  }
}

async function prepareIntegration(
  client: ApiClient,
  { oidcIntegration, roleArn, issuer }: EnrolOptions,
): Promise<Pick<Enrolment, 'documents' | 'lacksRole'>> {
  if (oidcIntegration === undefined) return { documents: [], lacksRole: false }
  const stored = await readStored(client, 'integration', oidcIntegration)
  const before = memberOf(memberOf(stored?.document, 'spec'), 'aws_oidc')
  const fields = {
    ...before,
    ...(roleArn !== undefined && { role_arn: roleArn }),
    ...(issuer !== undefined && { issuer }),
  }
  const document = {
    kind: 'integration',
    sub_kind: 'aws-oidc',
    version: 'v1',
    ...keepMetadata(stored, oidcIntegration),
    spec: { aws_oidc: fields },
  }
  const isSame = stored !== undefined && roleArn === undefined && issuer === undefined
  return { documents: isSame ? [] : [document], lacksRole: memberOf(fields)['role_arn'] === undefined }
}

async function serviceProvider(
  client: ApiClient,
  { plugin }: EnrolOptions,
  metadata: string,
): Promise<object> {
  const stored = await readStored(client, 'saml_idp_service_provider', plugin)
  return {
    kind: 'saml_idp_service_provider',
    version: 'v1',
    ...keepMetadata(stored, plugin),
    spec: {
      ...memberOf(stored?.document, 'spec'),
      preset: identityCenterPreset,
      entity_descriptor: metadata,
    },
  }
}

async function readStored(client: ApiClient, kind: string, name: string): Promise<Stored | undefined> {
  const path = paths.resource.replace(':kind', kind).replace(':name', encodeURIComponent(name))
  return await unlessRefused(
    client.get(path).then((answer) => resourceAnswer.parse(answer)),
    'NOT_FOUND',
    () => undefined,
  )
}

/** With the revision that was read, so that nothing is overwritten that was not seen. */
function keepMetadata(stored: Stored | undefined, name: string): object {
  if (stored === undefined) return { metadata: { name } }
  return { metadata: { ...memberOf(stored.document, 'metadata'), revision: stored.revision } }
}

/** A member that is a map, or with one argument the value itself; empty for anything else. */
function memberOf(value: unknown, name?: string): Readonly<Record<string, unknown>> {
  const map = typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  if (name === undefined) return map
  return memberOf(Object.entries(map).find(([key]) => key === name)?.[1])
}
