/** @module The connections of one plugin: made at first use, made again when its settings, or the
 * integration that they name, say something else. */
import type { IdentityCenter } from '../aws/identity-center.js'
import { GatewayError } from '../core/error.js'
import type { Integration } from '../core/identity-center/integration.js'
import type { PluginSettings } from '../core/identity-center/settings.js'
import type { ScimClient } from '../scim/client/scim-client.js'
import { createCallGovernor, type RunningGovernor } from './call-governor.js'
import type { SyncDeps } from './deps.js'
import { createScimSlots, usableTokens } from './scim-slots.js'

export class Connections implements AsyncDisposable {
  readonly #deps: SyncDeps
  #governor: { readonly share: number; readonly governor: RunningGovernor } | undefined
  #center: { readonly key: string; readonly made: Promise<IdentityCenter> } | undefined
  #scim: { readonly key: string; readonly client: ScimClient } | undefined

  constructor(deps: SyncDeps) {
    this.#deps = deps
  }

  governor({ rateShare }: PluginSettings): RunningGovernor {
    if (this.#governor?.share !== rateShare) {
      const governor = createCallGovernor({ timers: this.#deps.timers, rateShare })
      this.#governor = { share: rateShare, governor }
    }
    return this.#governor.governor
  }

  async center(settings: PluginSettings): Promise<IdentityCenter> {
    const { instanceArn, region, credentials, rateShare } = settings
    // With the integration: a role that was taken from us there is not used until the end of the process.
    const integration = await this.#integrationOf(settings)
    const key = JSON.stringify([instanceArn, region, credentials, rateShare, integration])
    if (this.#center?.key !== key) {
      await this.#closeCenter()
      this.#center = { key, made: this.#deps.connect(settings, this.governor(settings)) }
    }
    try {
      return await this.#center.made
    } catch (error) {
      // The next use tries again.
      this.#center = undefined
      throw error
    }
  }

  async #integrationOf({ credentials }: PluginSettings): Promise<Integration | undefined> {
    if (credentials.kind !== 'oidc') return undefined
    const view = await this.#deps.catalog.read()
    return view.integrations().find(({ value }) => value.name === credentials.integration)?.value
  }

  /** By the stored tokens. */
  scim(settings: PluginSettings): ScimClient {
    const key = JSON.stringify([settings.scimBaseUrl, settings.allowOtherScimHost, settings.rateShare])
    if (this.#scim?.key !== key) {
      this.#scim = { key, client: createScimSlots(this.#deps, settings, this.governor(settings)) }
    }
    return this.#scim.client
  }

  /** @throws GatewayError `INVALID_INPUT` where nothing is stored and nothing is tried. */
  async scimFor(
    settings: PluginSettings,
    trial: { readonly baseUrl: string; readonly token: string } | undefined,
  ): Promise<ScimClient> {
    if (trial !== undefined) {
      return this.#deps.scimClient({
        baseUrl: trial.baseUrl,
        allowOtherHost: settings.allowOtherScimHost,
        token: () => Promise.resolve(trial.token),
        governor: this.governor(settings),
      })
    }
    if ((await usableTokens(this.#deps, settings)).length === 0) {
      throw new GatewayError(
        'INVALID_INPUT',
        'no SCIM URL and token are stored; add them in step 4 of the set-up',
      )
    }
    return this.scim(settings)
  }

  async credentialsExpireAt(): Promise<number | undefined> {
    try {
      return (await this.#center?.made)?.credentialsExpireAt()
    } catch {
      return undefined
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#governor?.governor.stop()
    await this.#closeCenter()
  }

  async #closeCenter(): Promise<void> {
    const before = this.#center
    this.#center = undefined
    try {
      await (await before?.made)?.[Symbol.asyncDispose]()
    } catch {
      // It never came to be, or closes with an error: there is nothing left of it to use.
    }
  }
}
