import { CreateUserCommand, type CreateUserCommandInput } from '@aws-sdk/client-identitystore'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTime } from '../portal.js'
import { describeRefusals, textPattern, uuid, violation } from './refusals.js'
import { delegatedKey, extensions, issuer, newUser, readerKey, storeId, StoreWorld } from './store-world.js'

let world: StoreWorld

beforeEach(async () => {
  world = await StoreWorld.open()
})

afterEach(async () => {
  await world[Symbol.asyncDispose]()
})

const everything = {
  ...newUser,
  Name: {
    Formatted: 'Dr. Dee M. Stone Jr.',
    GivenName: 'Dee',
    FamilyName: 'Stone',
    MiddleName: 'M.',
    HonorificPrefix: 'Dr.',
    HonorificSuffix: 'Jr.',
  },
  NickName: 'D',
  ProfileUrl: 'https://example.com/dee',
  Emails: [{ Value: 'dee.stone@example.com', Type: 'work', Primary: true }],
  Addresses: [
    {
      StreetAddress: '1 Quay',
      Locality: 'Riga',
      Region: 'Vidzeme',
      PostalCode: 'LV-1050',
      Country: 'LV',
      Formatted: '1 Quay\nRiga',
      Type: 'work',
      Primary: true,
    },
  ],
  PhoneNumbers: [{ Value: '+371 20000000', Type: 'mobile', Primary: false }],
  UserType: 'Employee',
  Title: 'Engineer',
  PreferredLanguage: 'lv-LV',
  Locale: 'lv-LV',
  Timezone: 'Europe/Riga',
  Photos: [{ Value: 'https://example.com/dee.png', Type: 'photo', Display: 'Dee', Primary: true }],
  Website: 'https://example.com',
  Birthdate: '1990-01-01',
  Roles: [{ Value: 'admin', Type: 'direct', Primary: true }],
} satisfies CreateUserCommandInput

describe('CreateUser', () => {
  describeRefusals(() => world, 'CreateUser', {
    valid: newUser,
    serialisation: [
      ['a name that is text', { Name: 'Dee' }, 'STRING_VALUE at Name cannot be converted to a structure'],
      [
        'mail addresses that are no list',
        { Emails: {} },
        'OBJECT_VALUE at Emails cannot be converted to a list',
      ],
      [
        'a primary mail address in quotes',
        { Emails: [{ Value: 'a@example.com', Primary: 'true' }] },
        'STRING_VALUE at Emails.1.Primary cannot be converted to a Boolean',
      ],
      [
        'extensions that are a list',
        { Extensions: [] },
        'LIST_VALUE at Extensions cannot be converted to a map',
      ],
    ],
    validation: [
      ['no user name', { UserName: undefined }, 'userName is a required attribute'],
      ['no display name', { DisplayName: undefined }, 'displayName is a required attribute'],
      ['no given name', { Name: { FamilyName: 'Stone' } }, 'name.givenName is a required attribute'],
      ['no family name', { Name: { GivenName: 'Dee' } }, 'name.familyName is a required attribute'],
      [
        'a user name with a space, without repeating it',
        { UserName: 'dee stone' },
        violation(
          undefined,
          'userName',
          'satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+',
        ),
      ],
      [
        'a user name of 129 characters',
        { UserName: 'd'.repeat(129) },
        violation(undefined, 'userName', 'have length less than or equal to 128'),
      ],
      [
        'a control character in a title',
        { Title: 'a\u0007b' },
        violation(undefined, 'title', `satisfy regular expression pattern: ${textPattern}`),
      ],
      [
        'a title of 1025 characters',
        { Title: 'x'.repeat(1025) },
        violation(undefined, 'title', 'have length less than or equal to 1024'),
      ],
      [
        'an empty list of phone numbers',
        { PhoneNumbers: [] },
        violation("'[]'", 'phoneNumbers', 'have length greater than or equal to 1'),
      ],
      [
        'two mail addresses',
        { Emails: [{ Value: 'a' }, { Value: 'b' }] },
        violation(`'[{"Value":"a"},{"Value":"b"}]'`, 'emails', 'have length less than or equal to 1'),
      ],
      [
        'a mail address without its value',
        { Emails: [{ Type: 'work' }] },
        violation('null', 'emails.1.member.value', 'not be null'),
      ],
      [
        'an extension that there is not',
        { Extensions: { 'aws:identitystore:foreign': {} } },
        'The extension aws:identitystore:foreign is not supported',
      ],
      [
        'an extension of another form',
        { Extensions: { enterprise: {} } },
        violation(
          "'enterprise'",
          'extensions.key',
          'satisfy regular expression pattern: aws:identitystore:[a-z]{1,20}',
        ),
      ],
      [
        'an attribute that the extension has not',
        { Extensions: { 'aws:identitystore:enterprise': { office: '1' } } },
        "The attribute office at 'extensions.aws:identitystore:enterprise' is not supported",
      ],
      [
        'an attribute of the extension that is a number',
        { Extensions: { 'aws:identitystore:enterprise': { department: 1 } } },
        'NUMBER_VALUE at extensions.aws:identitystore:enterprise.department cannot be converted to a String',
      ],
      ['a reserved name', { UserName: 'Administrator' }, 'Administrator is a reserved name'],
    ],
  })

  describe('function', () => {
    test('makes an enabled user with every attribute, stamped with the caller', async () => {
      const { UserId, IdentityStoreId } = await world.client.send(
        new CreateUserCommand({ ...everything, Extensions: extensions }),
      )
      expect(IdentityStoreId).toBe(storeId)
      expect(UserId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      const at = new Date(startTime)
      const by = 'arn:aws:iam::111111111111:user/admin'
      expect(await world.describeUser(UserId, ['aws:identitystore:enterprise'])).toEqual({
        ...everything,
        UserId,
        UserStatus: 'ENABLED',
        Extensions: extensions,
        CreatedAt: at,
        CreatedBy: by,
        UpdatedAt: at,
        UpdatedBy: by,
      })
    })

    test('takes no external id', async () => {
      const { body } = await world.send('CreateUser', {
        ...newUser,
        ExternalIds: [{ Issuer: issuer, Id: 'x' }],
      })
      const { UserId } = body as { UserId: string }
      expect(await world.describeUser(UserId)).not.toHaveProperty('ExternalIds')
    })

    test.each([
      ['user name', { UserName: 'ada@example.com' }, 'Duplicate UserName'],
      ['mail address', { Emails: [{ Value: 'bo.lind@example.com' }] }, 'Duplicate Email'],
    ])('refuses the %s of another user', async (_name, input, message) => {
      const before = (await world.state()).users.length
      await expect(world.client.send(new CreateUserCommand({ ...newUser, ...input }))).rejects.toMatchObject({
        name: 'ConflictException',
        message,
        Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
        RequestId: expect.stringMatching(uuid) as unknown,
      })
      expect((await world.state()).users).toHaveLength(before)
    })

    test('compares user names exactly', async () => {
      await world.client.send(new CreateUserCommand({ ...newUser, UserName: 'ADA@example.com' }))
      expect((await world.state()).users).toHaveLength(4)
    })

    test('is open to the delegated administrator', async () => {
      const { UserId } = await world.as(delegatedKey).send(new CreateUserCommand(newUser))
      expect(await world.describeUser(UserId)).toMatchObject({
        CreatedBy: 'arn:aws:iam::222222222222:user/delegate',
      })
    })

    test('needs the action', async () => {
      await expect(world.as(readerKey).send(new CreateUserCommand(newUser))).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining('is not authorized to perform: identitystore:CreateUser') as unknown,
        RequestId: expect.stringMatching(uuid) as unknown,
      })
    })
  })
})
