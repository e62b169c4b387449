/**
 * @module Which condition keys a policy may ask for. A key that the emulator never sets would make its condition true
 * or false in silence, so that such a policy is refused when it is read.
 */
import type { PolicyKind } from './parse-policy.js'
import { PolicyError } from './policy-error.js'

/** Set by `caller-keys.ts`, or truly absent at AWS in calls of the kind that are emulated. */
const globalKeys = new Set([
  'aws:calledvia',
  'aws:currenttime',
  'aws:epochtime',
  'aws:federatedprovider',
  'aws:multifactorauthage',
  'aws:multifactorauthpresent',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principalorgid',
  'aws:principalservicename',
  'aws:principaltype',
  'aws:requestedregion',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceidentity',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  'aws:username',
  'aws:viaawsservice',
])

/** Given by AssumeRole and AssumeRoleWithWebIdentity to the judgement of trust. */
const trustKeys = new Set(['sts:externalid', 'sts:rolesessionname', 'sts:sourceidentity'])

/** @throws PolicyError for a key that is not emulated */
export function checkConditionKey(key: string, kind: PolicyKind): void {
  const name = key.toLowerCase()
  if (!/^[^:\s]+:\S+$/.test(name))
    throw new PolicyError(`The condition key "${key}" is not of the form vendor:Name.`)
  if (globalKeys.has(name) || name.startsWith('aws:principaltag/')) return
  // Claims of web identities are named after their issuer, such as `issuer.example/path:sub`.
  const isClaim = !/^(aws|iam|saml|sts):/.test(name)
  if (kind === 'trust' && (trustKeys.has(name) || isClaim)) return
  throw new PolicyError(`The condition key "${key}" is not emulated.`)
}
