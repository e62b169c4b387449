/**
 * @module AssumeRoleWithWebIdentity: whoever has a token of an issuer that the role's account knows and the role
 * trusts takes the role on. The request is not signed; all depends on the token, and this order: the provider in the
 * role's account, the keys of the issuer, the signature, the claims, the trust policy with its conditions.
 *
 * IDPRejectedClaim is answered to nothing: no issuer of OpenID Connect is asked about its tokens.
 */
import { conditionKeys, type ConditionKeys } from '../access/condition-keys.js'
import { judgeTrust } from '../access/trust.js'
import { AwsError } from '../aws/error.js'
import { defineOperation, type Call } from '../aws/operation.js'
import { optional, required, string, structure } from '../aws/shape.js'
import { notEmulated } from '../iam/errors.js'
import { oidcProviderArn, type OidcProvider } from '../state/iam.js'
import { fetchDiscovery, fetchKeys } from './discovery.js'
import { IssuerError } from './fetch-json.js'
import { accessDenied, findRoleByArn } from './roles.js'
import { startSession } from './session.js'
import { arn, durationSeconds, policyArns, policyPattern, roleSessionName } from './shapes.js'
import { invalidToken, keysUnusable, readIssuer, verifyToken, type WebIdentity } from './web-identity.js'

const action = 'sts:AssumeRoleWithWebIdentity'

export const assumeRoleWithWebIdentity = defineOperation({
  name: 'AssumeRoleWithWebIdentity',
  access: 'write',
  action: undefined,
  unsigned: true,
  input: structure({
    RoleArn: required(arn),
    RoleSessionName: required(roleSessionName),
    WebIdentityToken: required(string({ min: 4, max: 20_000, sensitive: true })),
    ProviderId: optional(string({ min: 4, max: 2048 })),
    PolicyArns: optional(policyArns),
    Policy: optional(string({ min: 1, max: 2048, pattern: policyPattern })),
    DurationSeconds: optional(durationSeconds),
  }),
  async handle(input, call) {
    // Only for access tokens of OAuth 2.0, which are not built.
    if (input.ProviderId !== undefined) throw notEmulated('ProviderId of AssumeRoleWithWebIdentity')
    if (input.PolicyArns !== undefined) throw notEmulated('PolicyArns of AssumeRoleWithWebIdentity')
    const { accountId } = findRoleByArn(call.context, input.RoleArn)
    const { state } = call.context
    const { provider, identity } = await identify(call, accountId, input.WebIdentityToken)
    // A reset came meanwhile: the call has no effect, and nobody is sent this.
    if (call.context.state !== state) throw accessDenied(`Not authorized to perform ${action}`)
    const providerArn = oidcProviderArn(provider)
    // Looked up again: the issuer took its time.
    const { role } = findRoleByArn(call.context, input.RoleArn)
    const keys = trustKeys(call, provider, identity, input.RoleSessionName)
    const isTrusted =
      role !== undefined &&
      judgeTrust(role.trustPolicy, { federated: providerArn }, action, keys).effect === 'allow'
    if (!isTrusted) throw accessDenied(`Not authorized to perform ${action}`)
    const session = startSession(call, {
      role,
      sessionName: input.RoleSessionName,
      durationSeconds: input.DurationSeconds,
      policy: input.Policy,
      isChained: false,
    })
    return {
      SubjectFromWebIdentityToken: identity.subject,
      Audience: identity.audience,
      ...session,
      // As observed; the documents tell of the issuer here.
      Provider: providerArn,
    }
  },
})

/** Who the token is about, after all that is said of it was found true. @throws AwsError */
async function identify(
  call: Call,
  accountId: string,
  token: string,
): Promise<{ readonly provider: OidcProvider; readonly identity: WebIdentity }> {
  const { context, now } = call
  const issuer = readIssuer(token)
  const findProvider = (): OidcProvider => {
    const provider = context.state.tables.oidcProviders.get(oidcProviderArn({ accountId, url: issuer }))
    if (provider?.url === issuer) return provider
    throw invalidToken(`No OpenIDConnect provider found in your account for ${issuer}`)
  }
  findProvider()
  try {
    const keys = await fetchKeys(context, await fetchDiscovery(context, issuer))
    // Looked up again: the issuer took its time.
    const provider = findProvider()
    return {
      provider,
      identity: await verifyToken(token, { issuer, clientIds: provider.clientIds, keys, now }),
    }
  } catch (error) {
    if (!(error instanceof IssuerError)) throw error
    throw error.problem === 'unreachable'
      ? new AwsError('IDPCommunicationError', error.message)
      : keysUnusable(error.message)
  }
}

/** What the conditions of a trust policy can ask; claims are named after the issuer, without its scheme. */
function trustKeys(
  { context, now, region }: Call,
  provider: OidcProvider,
  { subject, audience, methods }: WebIdentity,
  sessionName: string,
): ConditionKeys {
  const issuer = provider.url.replace(/^https:\/\//, '')
  return conditionKeys({
    [`${issuer}:sub`]: subject,
    [`${issuer}:aud`]: audience,
    [`${issuer}:amr`]: methods.length === 0 ? undefined : methods,
    'sts:RoleSessionName': sessionName,
    'aws:FederatedProvider': oidcProviderArn(provider),
    'aws:RequestedRegion': region,
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:PrincipalIsAWSService': 'false',
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    'aws:PrincipalOrgID': context.state.ids.organizationId,
  })
}
