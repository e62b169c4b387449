/**
 * @module The script that takes the trust away again: the role with its permissions, and the identity provider unless
 * somebody else uses it as well. Access in Identity Center is left as it is.
 */
import type { CheckedOrder } from './order.js'
import { ownerTag, scriptHead } from './shell-parts.js'

/** Asks before it removes anything, unless it is called with --yes. Can be run again. */
export function writeCleanupScript(order: CheckedOrder): string {
  return `${[
    ...scriptHead(
      order,
      'Removes what the set-up script of Gatehouse made. Access in Identity Center stays as it is.',
    ),
    'if [[ "${1:-}" != --yes ]]; then',
    '  read -r -p "Remove the role $role_name and the OIDC provider for $issuer from account $account? [y/N] " answer',
    '  [[ "$answer" == y || "$answer" == Y ]] || fail \'Nothing was removed.\'',
    'fi',
    '',
    'role_arn="$(find_or_fail aws iam get-role --role-name "$role_name" --query Role.Arn --output text)"',
    'if [[ -n "$role_arn" ]]; then',
    '  owner="$(aws iam list-role-tags --role-name "$role_name" --output text \\',
    `    --query "Tags[?Key=='${ownerTag}'].Value | [0]")"`,
    '  [[ "$owner" == "$integration" ]] || fail "The role $role_name was not made by the set-up script; it stays."',
    '  policies="$(aws iam list-role-policies --role-name "$role_name" --query PolicyNames --output text)"',
    '  if tr \'\\t\' \'\\n\' <<< "$policies" | grep -Fxq -- "$policy_name"; then',
    '    aws iam delete-role-policy --role-name "$role_name" --policy-name "$policy_name"',
    '  fi',
    '  aws iam delete-role --role-name "$role_name"',
    '  echo "Removed the role $role_name"',
    'else',
    '  echo "There is no role $role_name"',
    'fi',
    '',
    'clients="$(find_or_fail aws iam get-open-id-connect-provider \\',
    '  --open-id-connect-provider-arn "$provider_arn" --query ClientIDList --output text)"',
    'if [[ -z "$clients" ]]; then',
    '  echo "There is no OIDC provider for $issuer"',
    'elif [[ "$clients" == "$audience" ]]; then',
    '  aws iam delete-open-id-connect-provider --open-id-connect-provider-arn "$provider_arn"',
    '  echo "Removed the OIDC provider for $issuer"',
    'else',
    '  echo "The OIDC provider for $issuer has other audiences, so it stays: $clients"',
    'fi',
  ].join('\n')}\n`
}
