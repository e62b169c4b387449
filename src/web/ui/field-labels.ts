/**
 * @module The server speaks to people who write YAML as well as to those who use a page: what it says of a field names
 * the field's path. Here, and nowhere else in the page, such paths become the labels of our forms.
 */

import { formatExact } from './format.js'

/** By the path in the document; the longest that fits wins. */
const labels: readonly (readonly [path: RegExp, label: string])[] = [
  [/spec\.settings\.aws_ic\.provisioning_spec\.base_url/g, 'SCIM endpoint'],
  [/spec\.settings\.aws_ic\.saml_idp_service_provider_name/g, 'Service provider'],
  [/(?:spec\.settings\.aws_ic\.)?access_list_default_owners(?:\.\d+)?/g, 'Default owners'],
  [/spec\.settings\.aws_ic\.group_sync_filters(?:\.\d+(?:\.\w+)?)?/g, 'Groups to import'],
  [/spec\.settings\.aws_ic\.aws_accounts_filters(?:\.\d+(?:\.\w+)?)?/g, 'Accounts to manage'],
  [/spec\.settings\.aws_ic\.user_sync_filters(?:\.\d+(?:\.\w+)*)?/g, 'Users to push'],
  [/spec\.settings\.aws_ic\.region/g, 'Region'],
  [/spec\.settings\.aws_ic\.arn/g, 'Instance ARN'],
  [/spec\.settings\.aws_ic\.credentials\.system\.assume_role_arn/g, 'Role to assume'],
  [/spec\.aws_oidc\.role_arn/g, 'Role ARN'],
  [/spec\.aws_oidc\.issuer/g, 'Public host of the keys'],
  [/spec\.aws_oidc\.audience/g, 'Audience'],
  [/spec\.entity_descriptor/g, 'Metadata (XML)'],
  [/metadata\.name/g, 'Name'],
]

/** Ways of writing YAML that a form has a box for. */
const phrases: readonly (readonly [said: RegExp, instead: string])[] = [
  [
    /by allow_other_host: true a person allows another host/gi,
    'tick the box below the field to send the token to another host',
  ],
  [/\ballow_other_host: true\b/g, 'the box below the field'],
  [/\bsaml_idp_service_provider_name\b/g, 'Service provider'],
  [/\bname that host as Public host of the keys\b/g, 'enter that host as “Public host of the keys” below'],
]

/** RFC 3339 in UTC, as the server writes instants. */
const instant = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z\b/g

/** A message of the server in the words of the page: no file and line, no path of a document, times of this zone. */
export function sayInPage(text: string): string {
  let said = text
    .replace(/(^|[·\n] ?)request:\d+:\s*/gi, '$1')
    .replace(
      /\b(?:plugin|integration|saml_idp_service_provider|service provider) "[^"]{1,200}": (?=spec\.|metadata\.)/gi,
      '',
    )
  for (const [path, label] of labels) said = said.replace(path, label)
  for (const [words, instead] of phrases) said = said.replace(words, instead)
  return said.replace(instant, (written) => formatExact(Date.parse(written)))
}
