import { UpdateUserCommand } from '@aws-sdk/client-identitystore'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTime } from '../portal.js'
import { describeRefusals, idRefusals, violation } from './refusals.js'
import { ada, bo, cy, issuer, nobody, storeId, StoreWorld } from './store-world.js'

let world: StoreWorld

beforeEach(async () => {
  world = await StoreWorld.open()
})

afterEach(async () => {
  await world[Symbol.asyncDispose]()
})

describe('UpdateUser', () => {
  const operation = (AttributePath: unknown, AttributeValue?: unknown): Record<string, unknown> => ({
    Operations: [{ AttributePath, AttributeValue }],
  })
  const at = 'operations.1.member.attributeValue'
  describeRefusals(() => world, 'UpdateUser', {
    valid: { UserId: ada, ...operation('title', 'Lead') },
    serialisation: [
      [
        'operations that are no list',
        { Operations: {} },
        'OBJECT_VALUE at Operations cannot be converted to a list',
      ],
      [
        'a path that is a number',
        operation(1),
        'NUMBER_VALUE at Operations.1.AttributePath cannot be converted to a String',
      ],
    ],
    validation: [
      ...idRefusals('UserId', 'userId'),
      ['missing operations', { Operations: undefined }, violation('null', 'operations', 'not be null')],
      [
        'no operation',
        { Operations: [] },
        violation("'[]'", 'operations', 'have length greater than or equal to 1'),
      ],
      [
        'a path of another form',
        operation('emails[0].value', 'x'),
        violation(
          "'emails[0].value'",
          'operations.1.member.attributePath',
          'satisfy regular expression pattern: (?:\\p{L}+:\\p{L}+:\\p{L}+(?:\\.\\p{L}+){0,3}|\\p{L}+(?:\\.\\p{L}+){0,2})',
        ),
      ],
      ['an unknown path', operation('shoeSize', '42'), 'The attribute path shoeSize is not supported'],
      [
        'a path through the prototype',
        operation('constructor', 'x'),
        'The attribute path constructor is not supported',
      ],
      [
        'a path that begins in upper case',
        operation('Title', 'x'),
        'The attribute path Title is not supported',
      ],
      ['the status', operation('userStatus', 'DISABLED'), 'The attribute path userStatus is not supported'],
      ['external ids', operation('externalIds', []), 'The attribute path externalIds is not supported'],
      [
        'a path into a list',
        operation('emails.value', 'x'),
        'The attribute path emails.value is not supported',
      ],
      [
        'a path into a text',
        operation('title.short', 'x'),
        'The attribute path title.short is not supported',
      ],
      ['a number for a text', operation('title', 1), `NUMBER_VALUE at ${at} cannot be converted to a String`],
      ['a text for a list', operation('emails', 'x'), `STRING_VALUE at ${at} cannot be converted to a list`],
      [
        'a text of 1025 characters',
        operation('title', 'x'.repeat(1025)),
        violation(undefined, at, 'have length less than or equal to 1024'),
      ],
      [
        'an empty list',
        operation('emails', []),
        violation("'[]'", at, 'have length greater than or equal to 1'),
      ],
      [
        'an attribute that a mail address has not',
        operation('emails', [{ value: 'a@example.com', Type: 'work' }]),
        `The attribute Type at '${at}' is not supported`,
      ],
      [
        'a user name with a space',
        operation('userName', 'a b'),
        violation(undefined, at, 'satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+'),
      ],
      ['to take away the user name', operation('userName'), 'userName is a required attribute'],
      [
        'to take away the display name',
        operation('displayName', null),
        'displayName is a required attribute',
      ],
      ['to take away the whole name', operation('name'), 'name.givenName is a required attribute'],
      [
        'to take away the family name',
        operation('name.familyName'),
        'name.familyName is a required attribute',
      ],
      ['a reserved name', operation('userName', 'AWSAdministrators'), 'AWSAdministrators is a reserved name'],
    ],
  })

  describe('function', () => {
    test('sets attributes, parts of them and lists, and keeps the rest', async () => {
      await world.world.advance(60_000)
      await world.client.send(
        new UpdateUserCommand({
          IdentityStoreId: storeId,
          UserId: ada,
          Operations: [
            { AttributePath: 'userName', AttributeValue: 'ada.okafor@example.com' },
            { AttributePath: 'name.middleName', AttributeValue: 'B.' },
            {
              AttributePath: 'emails',
              AttributeValue: [{ value: 'new@example.com', type: 'home', primary: true }],
            },
            { AttributePath: 'addresses', AttributeValue: [{ locality: 'Lagos' }] },
            { AttributePath: 'aws:identitystore:enterprise.department', AttributeValue: 'Ports' },
            { AttributePath: 'aws:identitystore:enterprise.manager.value', AttributeValue: bo },
          ],
        }),
      )
      expect(await world.describeUser(ada, ['aws:identitystore:enterprise'])).toEqual({
        IdentityStoreId: storeId,
        UserId: ada,
        UserName: 'ada.okafor@example.com',
        DisplayName: 'Ada',
        Name: { GivenName: 'Ada', FamilyName: 'Okafor', MiddleName: 'B.' },
        Emails: [{ Value: 'new@example.com', Type: 'home', Primary: true }],
        Addresses: [{ Locality: 'Lagos' }],
        ExternalIds: [{ Issuer: issuer, Id: 'ext-ada' }],
        Extensions: { 'aws:identitystore:enterprise': { department: 'Ports', manager: { value: bo } } },
        UserStatus: 'ENABLED',
        CreatedAt: new Date('2024-01-15T09:00:00Z'),
        UpdatedAt: new Date(startTime + 60_000),
        UpdatedBy: 'arn:aws:iam::111111111111:user/admin',
      })
    })

    test('takes away what comes without a value, or with null', async () => {
      await world.updateUser(
        ada,
        { AttributePath: 'title', AttributeValue: 'Lead' },
        { AttributePath: 'locale', AttributeValue: 'en' },
      )
      await world.updateUser(
        ada,
        { AttributePath: 'title' },
        { AttributePath: 'emails', AttributeValue: null },
      )
      const user = await world.describeUser(ada)
      expect(user).not.toHaveProperty('Title')
      expect(user).not.toHaveProperty('Emails')
      expect(user).toMatchObject({ Locale: 'en' })
    })

    test('keeps a deactivated user deactivated', async () => {
      await world.client.send(
        new UpdateUserCommand({
          IdentityStoreId: storeId,
          UserId: cy,
          Operations: [{ AttributePath: 'title', AttributeValue: 'Lead' }],
        }),
      )
      expect(await world.describeUser(cy)).toMatchObject({ Title: 'Lead', UserStatus: 'DISABLED' })
    })

    test('changes nothing where one operation of several is refused', async () => {
      const { status } = await world.send('UpdateUser', {
        IdentityStoreId: storeId,
        UserId: ada,
        Operations: [
          { AttributePath: 'title', AttributeValue: 'Lead' },
          { AttributePath: 'shoeSize', AttributeValue: '42' },
        ],
      })
      expect(status).toBe(400)
      expect(await world.describeUser(ada)).not.toHaveProperty('Title')
    })

    test.each([
      ['user name', 'userName', 'bo@example.com', 'Duplicate UserName'],
      ['mail address', 'emails', [{ value: 'bo.lind@example.com' }], 'Duplicate Email'],
    ])('refuses the %s of another user', async (_name, AttributePath, AttributeValue, message) => {
      const command = new UpdateUserCommand({
        IdentityStoreId: storeId,
        UserId: ada,
        Operations: [{ AttributePath, AttributeValue }],
      })
      await expect(world.client.send(command)).rejects.toMatchObject({
        name: 'ConflictException',
        message,
        Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
      })
    })

    test('lets a user keep the own name', async () => {
      await world.updateUser(ada, { AttributePath: 'userName', AttributeValue: 'ada@example.com' })
      expect(await world.describeUser(ada)).toMatchObject({ UserName: 'ada@example.com' })
    })

    test('does not find an id that nobody has', async () => {
      const command = new UpdateUserCommand({
        IdentityStoreId: storeId,
        UserId: nobody,
        Operations: [{ AttributePath: 'title', AttributeValue: 'x' }],
      })
      await expect(world.client.send(command)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'USER not found.',
        ResourceId: nobody,
      })
    })
  })
})
