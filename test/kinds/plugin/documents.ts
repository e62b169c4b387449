/** @module Plugins for the tests of this folder. */
export const arn = 'arn:aws:sso:::instance/ssoins-1234567890abcdef'
export const scimUrl = 'https://scim.eu-central-1.amazonaws.com/a1b2-c3/scim/v2'

/** A plugin with these settings beside those that it cannot do without. */
export function plugin(settings: object = {}, name = 'aws-identity-center') {
  const aws_ic = { arn, region: 'eu-central-1', credentials: { system: {} }, ...settings }
  return { kind: 'plugin', version: 'v1', metadata: { name }, spec: { settings: { aws_ic } } }
}
