/**
 * @module Who may be AWS IAM Identity Center. Roles let people in by the label `teleport.dev/origin:
 * aws-identity-center`, so whoever could put it on an address of their own would be sent the assertions of everyone
 * who may use AWS. The label therefore comes with the preset alone, and the preset takes addresses of AWS alone.
 */
import type { AssertionConsumerService } from './service-provider.js'

/** The preset, and the value of its label. */
export const identityCenterPreset = 'aws-identity-center'
export const originLabel = 'teleport.dev/origin'

/** Sign-in hosts of AWS and its partitions in China and GovCloud; customers name nothing below them. */
const signInHost =
  /^(?:[a-z0-9-]+\.){0,2}signin\.(?:aws|aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)$/
const loopbackHosts = ['localhost', '127.0.0.1', '[::1]']

/** The identity store that an entity ID of Identity Center names; undefined for entity IDs of another form. */
export function identityStoreOf(entityId: string): string | undefined {
  const [, host = '', store] =
    /^https:\/\/([a-z0-9.-]{1,253})\/platform\/saml\/(d-[0-9a-f]{10})$/.exec(entityId) ?? []
  return signInHost.test(host) ? store : undefined
}

/** Why the label cannot stand on a service provider of this preset, if so. */
export function findOriginLabelProblem(label: unknown, preset: unknown): string | undefined {
  if (label === undefined) return undefined
  if (preset !== identityCenterPreset) {
    return `the gateway alone sets this label, on a service provider with spec.preset: ${identityCenterPreset}; use that preset, or another label`
  }
  if (label === identityCenterPreset) return undefined
  return `with spec.preset: ${identityCenterPreset} this label is ${identityCenterPreset}; leave it out, the gateway sets it`
}

/**
 * Why these addresses are not those of Identity Center, if so. This machine passes too: it is refused elsewhere unless
 * the configuration allows it for a trial.
 */
export function findAddressProblem(sp: {
  readonly preset: string
  readonly assertionConsumerServices: readonly Pick<AssertionConsumerService, 'url'>[]
}): string | undefined {
  if (sp.preset !== identityCenterPreset) return undefined
  const foreign = sp.assertionConsumerServices.find(({ url }) => {
    const { protocol, hostname, port } = new URL(url)
    if (loopbackHosts.includes(hostname)) return false
    return protocol !== 'https:' || port !== '' || !signInHost.test(hostname)
  })
  if (foreign === undefined) return undefined
  return (
    `${foreign.url} is no sign-in address of AWS, and spec.preset: ${identityCenterPreset} is for AWS alone; ` +
    'use the metadata that IAM Identity Center shows, or leave the preset out and choose labels of your own'
  )
}
