/**
 * @module CreateOpenIDConnectProvider: an issuer whose tokens roles of the account may trust. Without thumbprints AWS
 * calls the issuer for its certificate, so here the issuer must be reachable, too; the list stays empty, because the
 * stand-in on loopback has no certificate that would mean anything.
 */
import { AwsError } from '../aws/error.js'
import { defineOperation } from '../aws/operation.js'
import { list, optional, required, string, structure } from '../aws/shape.js'
import { oidcProviderArn, type OidcProvider } from '../state/iam.js'
import { fetchDiscovery, type IssuerAccess } from '../sts/discovery.js'
import { IssuerError } from '../sts/fetch-json.js'
import { entityAlreadyExists, quotaExceeded } from './errors.js'
import { checkClientIds, checkProviderUrl, checkThumbprints } from './oidc-providers.js'
import { clientId, tags, thumbprints } from './shapes.js'
import { mergeTags, tagList } from './tags.js'

const providersPerAccount = 100

export const createOpenIDConnectProvider = defineOperation({
  name: 'CreateOpenIDConnectProvider',
  access: 'write',
  action: 'iam:CreateOpenIDConnectProvider',
  input: structure({
    Url: required(string({ min: 1, max: 255 })),
    ClientIDList: optional(list(clientId)),
    ThumbprintList: optional(thumbprints),
    Tags: optional(tags),
  }),
  resources: ({ Url }, { caller }) => [oidcProviderArn({ accountId: caller.accountId, url: Url })],
  async handle(input, { context, caller, now }) {
    const { Url: url, ClientIDList: clientIds = [], ThumbprintList: given = [] } = input
    checkProviderUrl(url)
    checkClientIds(clientIds)
    checkThumbprints(given)
    const provider: OidcProvider = {
      accountId: caller.accountId,
      url,
      clientIds: [...new Set(clientIds)],
      thumbprints: given,
      tags: mergeTags({}, input.Tags ?? [], 'TagsPerOpenIdConnectProvider'),
      createdAt: now,
    }
    const arn = oidcProviderArn(provider)
    const refuseRepeat = (): void => {
      if (context.state.tables.oidcProviders.has(arn)) {
        throw entityAlreadyExists(`Provider with url ${url} already exists.`)
      }
    }
    refuseRepeat()
    const { state } = context
    if (given.length === 0) await reach(context, url)
    // A reset came meanwhile: the call has no effect, and nobody is sent this.
    if (context.state !== state) throw new AwsError('OpenIdIdpCommunicationError', 'The emulator was reset.')
    // Somebody else may have made it while the issuer was called.
    refuseRepeat()
    if (context.state.tables.oidcProviders.by('account', caller.accountId).size >= providersPerAccount) {
      throw quotaExceeded('OpenIdConnectProvidersPerAccount', providersPerAccount)
    }
    context.commit({ table: 'oidcProviders', put: provider })
    const shown = tagList(provider.tags)
    return { OpenIDConnectProviderArn: arn, ...(shown.length > 0 && { Tags: shown }) }
  },
})

async function reach(access: IssuerAccess, url: string): Promise<void> {
  try {
    await fetchDiscovery(access, url)
  } catch (error) {
    if (error instanceof IssuerError) throw new AwsError('OpenIdIdpCommunicationError', error.message)
    throw error
  }
}
