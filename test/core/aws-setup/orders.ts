/** Orders of a set-up for the demo organisation of the emulator. */
import { checkSetupOrder, type SetupOrder } from '../../../src/core/aws-setup/order.js'
import { integrationSubject } from '../../../src/core/identity-center/integration.js'

export const setupOrder: SetupOrder = {
  integration: 'aws',
  issuer: 'https://id.example.com',
  audience: 'sts.amazonaws.com',
  subject: integrationSubject('aws', 'gate.example.com'),
  instanceArn: 'arn:aws:sso:::instance/ssoins-6987b2c41e0fa35d',
  region: 'eu-central-1',
  roleName: 'GatehouseIdentityCenter',
  blocks: [],
}

export const checked = (changes: Partial<SetupOrder> = {}) => checkSetupOrder({ ...setupOrder, ...changes })
