import { describe, expect, test } from 'vitest'
import { listReservedRoles, reservedRole } from '../../../src/emulator/state/reserved-role.js'
import { EmulatorState } from '../../../src/emulator/state/state.js'
import { demo } from '../aws-world.js'
import { organisationOf, sets } from './support.js'

const organisation = organisationOf()
const stateIn = (region: string): EmulatorState =>
  new EmulatorState({ ...organisation, instance: { ...organisation.instance, region } }, 0)
const provisioned = {
  accountId: demo.production,
  permissionSetArn: sets.readOnly,
  version: 1,
  roleSuffix: '00112233445566aa',
  createdAt: 7,
}

describe('reserved roles', () => {
  test.each([
    ['eu-central-1', '/aws-reserved/sso.amazonaws.com/eu-central-1/'],
    ['us-east-1', '/aws-reserved/sso.amazonaws.com/'],
  ])('in %s they are under %s', (region, path) => {
    expect(reservedRole(stateIn(region), provisioned)).toMatchObject({
      accountId: demo.production,
      name: 'AWSReservedSSO_ReadOnlyAccess_00112233445566aa',
      path,
      arn: `arn:aws:iam::555555555555:role${path}AWSReservedSSO_ReadOnlyAccess_00112233445566aa`,
      createdAt: 7,
    })
  })

  test('a permission set that does not exist has none', () => {
    const unknown = { ...provisioned, permissionSetArn: sets.unknown }
    expect(reservedRole(stateIn('eu-central-1'), unknown)).toBeUndefined()
  })

  test('an account has one for each permission set provisioned there', () => {
    const names = listReservedRoles(stateIn('eu-central-1'), demo.management).map(({ name }) =>
      name.replace(/_[0-9a-f]{16}$/, ''),
    )
    expect(names).toEqual([
      'AWSReservedSSO_AdministratorAccess',
      'AWSReservedSSO_SecurityAudit',
      'AWSReservedSSO_Billing',
    ])
  })
})
