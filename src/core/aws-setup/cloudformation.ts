/**
 * @module The same as a CloudFormation template, for those who let nothing but stacks change their accounts. JSON, which
 * CloudFormation reads as well as YAML. Deleting the stack takes the trust away again.
 */
import { buildTrustPolicy, providerArn } from './trust-policy.js'
import type { CheckedOrder } from './order.js'
import { buildPolicy } from './policy.js'
import { accountPlaceholder, ownerTag } from './shell-parts.js'

export function writeCloudFormation(order: CheckedOrder): string {
  const tags = [{ Key: ownerTag, Value: order.integration }]
  // An ARN with the account of the stack, in the form of Fn::Sub; nothing else in it is an expression.
  const known = providerArn(order, accountPlaceholder).replace(accountPlaceholder, '${AWS::AccountId}')
  const provider = {
    'Fn::If': ['MakesProvider', { Ref: 'Provider' }, { 'Fn::Sub': known }],
  }
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Gatehouse, integration ${order.integration}: an OIDC provider, and a role that only its tokens can take on.`,
    Parameters: {
      ProviderExists: {
        Type: 'String',
        AllowedValues: ['no', 'yes'],
        Default: 'no',
        Description: `Whether the account has an OIDC provider for ${order.issuer} already, with the audience ${order.audience}`,
      },
    },
    Conditions: { MakesProvider: { 'Fn::Equals': [{ Ref: 'ProviderExists' }, 'no'] } },
    Resources: {
      Provider: {
        Type: 'AWS::IAM::OIDCProvider',
        Condition: 'MakesProvider',
        Properties: { Url: order.issuer, ClientIdList: [order.audience], Tags: tags },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: order.roleName,
          Description: 'Gatehouse keeps IAM Identity Center by this role',
          MaxSessionDuration: 3600,
          AssumeRolePolicyDocument: buildTrustPolicy(order, provider),
          Policies: [{ PolicyName: order.roleName, PolicyDocument: buildPolicy(order) }],
          Tags: tags,
        },
      },
    },
    Outputs: {
      RoleArn: { Description: 'Enter this in Gatehouse', Value: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    },
  }
  return `${JSON.stringify(template, undefined, 2)}\n`
}
