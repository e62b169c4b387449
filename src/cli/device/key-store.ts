/**
 * @module Where the private key of this device is kept: in the key store of the operating system where there is one,
 * else in a file of its owner's alone. A store gives and takes signatures and never the key, so that one whose key
 * cannot leave it, such as a TPM, can stand here too.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { platform } from 'node:os'
import { join } from 'node:path'
import type { DeviceKeyStorage } from '../../core/device/device.js'
import { GatewayError } from '../../core/error.js'
import { configFolder, readPrivate, writePrivate } from '../credentials.js'

export interface DeviceKeyStore {
  readonly storage: DeviceKeyStorage
  /** Makes a key under this name in place of an earlier one; answers its public half as SubjectPublicKeyInfo, base64url. */
  create(name: string): Promise<string>
  /** Base64url. @throws GatewayError `NOT_FOUND` where there is no such key. */
  sign(name: string, statement: string): Promise<string>
  delete(name: string): Promise<void>
}

/** One file a key: its name says of which device. */
export function createFileKeyStore(env: NodeJS.ProcessEnv): DeviceKeyStore {
  const fileOf = (name: string) => join(configFolder(env), `device-key-${name.replace(/[^\w-]/g, '_')}.json`)
  return {
    storage: 'key_file',
    create: async (name) => {
      const { pem, publicKey } = makeKey()
      await writePrivate(fileOf(name), { privateKey: pem })
      return publicKey
    },
    sign: async (name, statement) => {
      const text = await readPrivate(fileOf(name))
      if (text === undefined) throw noKey(name)
      return signWith(readPem(text, fileOf(name)), statement)
    },
    delete: async (name) => await rm(fileOf(name), { force: true }),
  }
}

/** What is used of `@napi-rs/keyring`, which is installed only where it can be. */
interface KeyringEntry {
  setPassword(password: string): Promise<void>
  getPassword(): Promise<string | null | undefined>
  deleteCredential(): Promise<unknown>
}

const service = 'gatehouse device'

/**
 * The key store of the operating system: Keychain, Credential Manager, Secret Service. Undefined where there is none
 * that keeps what it is given; on Linux the keyring of the kernel does not count, for it forgets at the next start.
 */
export async function openSystemKeyStore(): Promise<DeviceKeyStore | undefined> {
  const entryOf = await loadKeyring()
  if (entryOf === undefined) return undefined
  try {
    const probe = entryOf('probe')
    await probe.setPassword('probe')
    const kept = await probe.getPassword()
    await probe.deleteCredential()
    if (kept !== 'probe') return undefined
  } catch {
    // No service answers: a server, a container, a session without a desktop.
    return undefined
  }
  return {
    storage: 'key_store',
    create: async (name) => {
      const { pem, publicKey } = makeKey()
      await entryOf(name).setPassword(pem)
      return publicKey
    },
    sign: async (name, statement) => {
      const pem = await entryOf(name).getPassword()
      if (!pem) throw noKey(name)
      return signWith(createPrivateKey(pem), statement)
    },
    delete: async (name) => {
      await entryOf(name).deleteCredential()
    },
  }
}

async function loadKeyring(): Promise<((name: string) => KeyringEntry) | undefined> {
  try {
    const { AsyncEntry } = await import('@napi-rs/keyring')
    const options = platform() === 'linux' ? ({ linux: { store: 'secret-service' } } as const) : undefined
    return (name) => new AsyncEntry(service, name, options)
  } catch {
    // It has no build for this machine, or was left out.
    return undefined
  }
}

/** EC P-256, which every hardware store can hold too. */
function makeKey(): { readonly pem: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }))
      .export({ type: 'spki', format: 'der' })
      .toString('base64url'),
  }
}

function signWith(key: KeyObject, statement: string): string {
  return sign('sha256', Buffer.from(statement), key).toString('base64url')
}

function readPem(text: string, file: string): KeyObject {
  try {
    const { privateKey } = JSON.parse(text) as { privateKey: string }
    return createPrivateKey(privateKey)
  } catch (cause) {
    const message = `${file} is damaged; ask for a token and enrol this device anew`
    throw new GatewayError('INVALID_INPUT', message, {}, { cause })
  }
}

function noKey(name: string): GatewayError {
  return new GatewayError(
    'NOT_FOUND',
    `the key of device ${name} is not here any more; ask for a token and enrol this device anew`,
  )
}
