/**
 * @module The script for AWS CloudShell: the identity provider for our issuer, the role, its trust and its permissions.
 * It can be run again at any time and then brings all of it up to date. It takes over no role that it did not make.
 */
import type { CheckedOrder } from './order.js'
import { buildPolicy } from './policy.js'
import { accountPlaceholder, ownerTag, quoteJson, scriptHead } from './shell-parts.js'
import { buildTrustPolicy, providerArn } from './trust-policy.js'

/** Prints the role's ARN as its last line. */
export function writeShellScript(order: CheckedOrder): string {
  const trust = buildTrustPolicy(order, providerArn(order, accountPlaceholder))
  return `${[
    ...scriptHead(
      order,
      'Makes AWS trust Gatehouse: an OIDC provider, and a role that only its tokens can take on.',
    ),
    `trust_policy=${quoteJson(trust)}`,
    `trust_policy="\${trust_policy/${accountPlaceholder}/$account}"`,
    `permissions=${quoteJson(buildPolicy(order))}`,
    '',
    '# Before anything is changed: a role of the same name may be somebody else’s.',
    'role_arn="$(find_or_fail aws iam get-role --role-name "$role_name" --query Role.Arn --output text)"',
    'if [[ -n "$role_arn" ]]; then',
    '  owner="$(aws iam list-role-tags --role-name "$role_name" --output text \\',
    `    --query "Tags[?Key=='${ownerTag}'].Value | [0]")"`,
    '  [[ "$owner" == "$integration" ]] || fail \\',
    '    "There is a role $role_name that this script did not make; nothing was changed. Choose another name."',
    'fi',
    '',
    'clients="$(find_or_fail aws iam get-open-id-connect-provider \\',
    '  --open-id-connect-provider-arn "$provider_arn" --query ClientIDList --output text)"',
    'if [[ -z "$clients" ]]; then',
    '  echo "Making the OIDC provider for $issuer"',
    '  aws iam create-open-id-connect-provider --url "$issuer" --client-id-list "$audience" \\',
    `    --tags "Key=${ownerTag},Value=$integration" > /dev/null`,
    'elif ! tr \'\\t\' \'\\n\' <<< "$clients" | grep -Fxq -- "$audience"; then',
    '  echo "Adding the audience $audience to the OIDC provider"',
    '  aws iam add-client-id-to-open-id-connect-provider \\',
    '    --open-id-connect-provider-arn "$provider_arn" --client-id "$audience"',
    'else',
    '  echo "The OIDC provider is there already"',
    'fi',
    '',
    'if [[ -z "$role_arn" ]]; then',
    '  echo "Making the role $role_name"',
    '  aws iam create-role --role-name "$role_name" --assume-role-policy-document "$trust_policy" \\',
    "    --description 'Gatehouse keeps IAM Identity Center by this role' --max-session-duration 3600 \\",
    `    --tags "Key=${ownerTag},Value=$integration" > /dev/null`,
    'else',
    '  echo "Bringing the role $role_name up to date"',
    '  aws iam update-assume-role-policy --role-name "$role_name" --policy-document "$trust_policy"',
    'fi',
    'aws iam put-role-policy --role-name "$role_name" --policy-name "$policy_name" --policy-document "$permissions"',
    '',
    'echo "Done. Enter this ARN in Gatehouse:"',
    'aws iam get-role --role-name "$role_name" --query Role.Arn --output text',
  ].join('\n')}\n`
}
