/**
 * @module The YAML form of an integration (v1, sub_kind `aws-oidc`): the role that the gateway takes on at AWS with a
 * token of its own issuer, and what the role's trust policy asks of that token.
 */
import { z } from 'zod'
import { textSchema } from '../../api/resource/field-schemas.js'
import { metadataSchema, readField, readText, storedMetadata } from '../../api/resource/fields.js'
import { parseWith, toPlain, type ParsedDocument } from '../../api/resource/parse.js'
import {
  defaultAudience,
  findIssuerProblem,
  parseRoleArn,
  type Integration,
} from '../../core/identity-center/integration.js'

const roleArn = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (written.length > 600 || parseRoleArn(written) === undefined) {
      report(
        'is not the ARN of an IAM role; write for example arn:aws:iam::123456789012:role/GatehouseIdentityCenter',
      )
    }
    return written
  },
  textSchema({ minLength: 1, maxLength: 600 }),
)

const audience = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (!/^[A-Za-z0-9][\w+=,.@:/-]{0,254}$/.test(written)) {
      report('must be 1 to 255 letters, digits and _+=,.@:/- ; it is what AWS knows the provider’s client by')
    }
    return written
  },
  textSchema({ minLength: 1, maxLength: 255 }),
)

const issuer = readField(
  (value, report): string => {
    // AWS compares letter by letter, and a trailing slash is easily typed.
    const written = readText(value, report).replace(/\/$/, '')
    const problem = findIssuerProblem(written)
    if (problem !== undefined) report(problem)
    return written
  },
  textSchema({ minLength: 1, maxLength: 256 }),
)

/** What authors may write. */
export const integrationForm = z.strictObject({
  kind: z.literal('integration').describe('The kind of this document'),
  sub_kind: z.literal('aws-oidc').describe('What it connects to: AWS, by tokens of our own OIDC issuer'),
  version: z.literal('v1').describe('The version of its form'),
  metadata: metadataSchema(findIntegrationNameProblem),
  spec: z
    .strictObject({
      aws_oidc: z
        .strictObject({
          role_arn: roleArn
            .nullish()
            .describe('The role that the set-up script made; left out until the script ran'),
          audience: audience.nullish().describe(`Audience of the tokens; ${defaultAudience} where left out`),
          issuer: issuer
            .nullish()
            .describe(
              'Public host of published static files, as https URL without port; the public URL where left out',
            ),
        })
        .describe('Sign-in of the gateway at AWS'),
    })
    .describe('What it connects to'),
})

/** As stored: with its audience, so that a later default changes no trust policy. */
export type IntegrationDocument = {
  readonly kind: 'integration'
  readonly sub_kind: 'aws-oidc'
  readonly version: 'v1'
  readonly metadata: ReturnType<typeof storedMetadata>
  readonly spec: {
    readonly aws_oidc: {
      readonly role_arn?: string | undefined
      readonly audience: string
      readonly issuer?: string | undefined
    }
  }
}

/** The name is part of the tokens' subject, which AWS limits, and of a session's name in CloudTrail. */
function findIntegrationNameProblem(name: string): string | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(name)) return undefined
  return 'must have at most 60 letters, digits, dots, dashes and underscores, and begin with a letter or digit'
}

/** @throws GatewayError `INVALID_RESOURCE` with every problem. */
export function parseIntegrationDocument(
  input: unknown,
  source?: string,
): ParsedDocument<IntegrationDocument, Integration> {
  const { metadata, spec } = parseWith(integrationForm, 'integration', input, source)
  const { role_arn, audience: asked, issuer: named } = spec.aws_oidc
  const value: Integration = {
    name: metadata.name,
    roleArn: role_arn ?? undefined,
    audience: asked ?? defaultAudience,
    issuer: named ?? undefined,
  }
  return {
    document: {
      kind: 'integration',
      sub_kind: 'aws-oidc',
      version: 'v1',
      metadata: storedMetadata(metadata),
      spec: toPlain({
        aws_oidc: { role_arn: value.roleArn, audience: value.audience, issuer: value.issuer },
      }),
    },
    value,
    ignored: [],
    revision: metadata.revision,
  }
}
