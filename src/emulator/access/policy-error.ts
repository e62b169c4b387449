/**
 * @module The refusal of a policy document, with a message that IAM may show as MalformedPolicyDocument.
 */

export class PolicyError extends Error {
  override readonly name = 'PolicyError'
}
