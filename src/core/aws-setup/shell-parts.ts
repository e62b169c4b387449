/** @module What the scripts for AWS CloudShell share: their head, and the quoting of values. */
import { providerArn } from './trust-policy.js'
import type { CheckedOrder } from './order.js'

/** In policies, for the account in which the script runs and which only the script knows. */
export const accountPlaceholder = '000000000000'

/** By this tag the scripts know what is theirs. */
export const ownerTag = 'gatehouse-integration'

/** A text as one word of the shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** A JSON document as one word of the shell, on several lines. */
export function quoteJson(document: unknown): string {
  return quote(JSON.stringify(document, undefined, 2))
}

/** `title` says in one line what the script does. */
export function scriptHead(order: CheckedOrder, title: string): string[] {
  return [
    '#!/usr/bin/env bash',
    `# ${title}`,
    `# Integration ${order.integration}, instance ${order.instanceId} in ${order.region}.`,
    '# It needs bash and the AWS CLI; AWS CloudShell has both.',
    'set -euo pipefail',
    "export AWS_PAGER=''",
    '# IAM and STS are the same in every Region of a partition; the older command line wants one all the same.',
    `export AWS_REGION=${quote(order.region)} AWS_DEFAULT_REGION=${quote(order.region)}`,
    '',
    `readonly integration=${quote(order.integration)}`,
    `readonly issuer=${quote(order.issuer)}`,
    `readonly audience=${quote(order.audience)}`,
    `readonly role_name=${quote(order.roleName)}`,
    `readonly policy_name=${quote(order.roleName)}`,
    '',
    'fail() { printf \'%s\\n\' "$1" >&2; exit 1; }',
    '',
    "command -v aws > /dev/null || fail 'the AWS CLI is not installed here; run this in AWS CloudShell'",
    'account="$(aws sts get-caller-identity --query Account --output text)"',
    '[[ "$account" =~ ^[0-9]{12}$ ]] || fail "aws sts get-caller-identity told no account: $account"',
    `provider_arn=${quote(providerArn(order, accountPlaceholder))}`,
    `provider_arn="\${provider_arn/${accountPlaceholder}/$account}"`,
    '',
    'errors="$(mktemp)"',
    'trap \'rm -f -- "$errors"\' EXIT',
    '# The output of a command, or nothing where AWS says that there is no such thing. Other errors end the script.',
    'find_or_fail() {',
    '  if "$@" 2> "$errors"; then return 0; fi',
    '  grep -q NoSuchEntity "$errors" || fail "$(< "$errors")"',
    '}',
    '',
  ]
}
