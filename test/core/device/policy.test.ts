import { describe, expect, test } from 'vitest'
import { findCertifiedDevice } from '../../../src/core/device/certificate.js'
import {
  deviceAssurances,
  isProofFresh,
  isUsersDevice,
  proofLifetimeMs,
  type Device,
  type DeviceProof,
} from '../../../src/core/device/device.js'
import { findProofShortfall, isSureEnough } from '../../../src/core/device/policy.js'
import { confirmationStatement, enrolmentStatement } from '../../../src/core/device/statement.js'

const device: Device = {
  name: 'd-1',
  osType: 'linux',
  assetTag: 'TAG-1',
  owner: undefined,
  source: undefined,
}
const proof = (change: Partial<DeviceProof> = {}): DeviceProof => ({
  device,
  way: 'loopback',
  assurance: 'key_file',
  ...change,
})

describe('where a device is required', () => {
  test.each([
    ['loopback', 'key_file', 'key_file', true],
    ['loopback', 'key_file', 'key_store', false],
    ['loopback', 'key_store', 'key_store', true],
    ['loopback', 'key_store', 'certificate', false],
    ['certificate', 'certificate', 'certificate', true],
    ['certificate', 'certificate', 'key_file', true],
    ['code', 'key_file', 'key_file', false],
    ['code', 'key_store', 'key_file', false],
  ] as const)('by %s with %s where %s is asked for: %s', (way, assurance, minimum, counts) => {
    expect(findProofShortfall(proof({ way, assurance }), minimum) === undefined).toBe(counts)
  })

  test('what falls short is told', () => {
    expect(findProofShortfall(proof({ way: 'code' }), 'key_file')).toContain('short code')
    expect(findProofShortfall(proof(), 'key_store')).toBe(
      'the device "TAG-1" has a key in a file, while the cluster asks for a key in the key store of its operating system',
    )
  })

  test('assurances are in order', () => {
    for (const [index, one] of deviceAssurances.entries()) {
      for (const [other, minimum] of deviceAssurances.entries()) {
        expect(isSureEnough(one, minimum)).toBe(index >= other)
      }
    }
  })
})

test('a device vouches for its owner, else for who enrolled it, and for no third', () => {
  expect(isUsersDevice({ owner: undefined }, 'ann', 'ann')).toBe(true)
  expect(isUsersDevice({ owner: undefined }, 'ann', 'bob')).toBe(false)
  expect(isUsersDevice({ owner: 'ann' }, 'ann', 'ann')).toBe(true)
  expect(isUsersDevice({ owner: 'bob' }, 'ann', 'ann')).toBe(false)
  expect(isUsersDevice({ owner: 'bob' }, 'ann', 'bob')).toBe(false)
})

test('a proof is fresh for five minutes from its instant, and not before', () => {
  expect(isProofFresh(1000, 999)).toBe(false)
  expect(isProofFresh(1000, 1000)).toBe(true)
  expect(isProofFresh(1000, 1000 + proofLifetimeMs - 1)).toBe(true)
  expect(isProofFresh(1000, 1000 + proofLifetimeMs)).toBe(false)
})

test('a certificate stands for the one device that it names', () => {
  const other = { ...device, name: 'd-2', assetTag: 'TAG-2' }
  expect(findCertifiedDevice({ names: ['x', 'tag-1'] }, [device, other])).toBe(device)
  expect(findCertifiedDevice({ names: ['TAG-1', 'TAG-2'] }, [device, other])).toBeUndefined()
  expect(findCertifiedDevice({ names: [] }, [device])).toBeUndefined()
})

test('no two statements are alike, however their parts are cut', () => {
  const facts = {
    gateway: 'g',
    device: 'd',
    user: 'u',
    nonce: 'n',
    signIn: 'i',
    session: 's',
    application: 'a',
  }
  const written = new Set([confirmationStatement(facts), enrolmentStatement(facts)])
  for (const key of Object.keys(facts)) written.add(confirmationStatement({ ...facts, [key]: 'other' }))
  written.add(confirmationStatement({ ...facts, device: 'd","u', user: '' }))
  written.add(confirmationStatement({ ...facts, device: '', user: 'd","u' }))
  expect(written.size).toBe(2 + 7 + 2)
})
