/**
 * @module `gatehouse device`: what the device itself does. `enroll` spends a token and leaves a public key; `confirm`
 * waits for a browser on this machine, or takes a short code, shows who signs in where and from what, asks, and signs.
 */
import { Option, type Command } from 'commander'
import {
  challengeInspectAnswer,
  challengeSignAnswer,
  enrollAnswer,
  enrollInspectAnswer,
  paths,
  sessionAnswer,
  type ChallengeInspectAnswer,
} from '../../api/contract.js'
import { defaultDevicePort, deviceReturnUrl } from '../../core/device/hand-over.js'
import { describeAssurance } from '../../core/device/policy.js'
import { confirmationStatement, enrolmentStatement } from '../../core/device/statement.js'
import { GatewayError } from '../../core/error.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ApiClient, type ClientOptions } from '../client.js'
import { confirm } from '../confirm.js'
import { originOf } from '../connection.js'
import { createFileKeyStore, openSystemKeyStore, type DeviceKeyStore } from '../device/key-store.js'
import { listenForHandOver, type HandOver } from '../device/hand-over.js'
import { findKnownDevice, rememberDevice, type KnownDevice } from '../device/known-devices.js'
import { printable } from '../printable.js'

export function addDeviceCommands(program: Command, surroundings: CliSurroundings): void {
  const device = program.command('device').description('this device, that vouches for your sign-ins')
  addEnroll(device, surroundings)
  addConfirm(device, surroundings)
}

interface EnrollOptions extends ClientOptions {
  readonly token: string
  readonly keyStore: 'auto' | 'system' | 'file'
}

function addEnroll(device: Command, { env, out }: CliSurroundings): void {
  withConnection(device.command('enroll').description('enrol this device with the token of an administrator'))
    .requiredOption('--token <token>', 'what the administrator gave you')
    .addOption(
      new Option('--key-store <where>', 'where its key is kept')
        .choices(['auto', 'system', 'file'])
        .default('auto'),
    )
    .action(async ({ token, keyStore, ...options }: EnrollOptions) => {
      const { client, gateway, user } = await connect(options, env)
      const offer = enrollInspectAnswer.parse(await client.post(paths.deviceEnrollInspect, { token }))
      const store = await chooseStore(keyStore, env)
      const publicKey = await store.create(offer.device)
      const statement = enrolmentStatement({ gateway, device: offer.device, user, nonce: offer.nonce })
      const signature = await store.sign(offer.device, statement)
      const body = { token, publicKey, storage: store.storage, signature }
      const { assetTag } = enrollAnswer.parse(await client.post(paths.deviceEnroll, body))
      const known = { device: offer.device, assetTag, user, storage: store.storage }
      await rememberDevice(env, gateway, known)
      out(printable(`This machine is enrolled at ${gateway} as device ${assetTag}, for ${user}.`))
      out(`It has ${describeAssurance(store.storage)}.`)
    })
}

async function chooseStore(
  wanted: EnrollOptions['keyStore'],
  env: NodeJS.ProcessEnv,
): Promise<DeviceKeyStore> {
  if (wanted === 'file') return createFileKeyStore(env)
  const system = await openSystemKeyStore()
  if (system !== undefined) return system
  if (wanted === 'auto') return createFileKeyStore(env)
  throw new GatewayError(
    'UNAVAILABLE',
    'no key store of the operating system answers here; choose --key-store file, whose key can be copied',
  )
}

interface ConfirmOptions extends ClientOptions {
  readonly port: string
}

function addConfirm(device: Command, surroundings: CliSurroundings): void {
  const { env, out } = surroundings
  withConnection(device.command('confirm').description('vouch for a sign-in in the browser of this device'))
    .argument('[code]', 'short code of the page, where no device is required')
    .option('--port <port>', 'where the browser of this machine finds it', String(defaultDevicePort))
    .action(async (code: string | undefined, options: ConfirmOptions) => {
      const { client, gateway } = await connect(options, env)
      const known = await findKnownDevice(env, gateway)
      if (known === undefined) {
        throw new GatewayError(
          'NOT_FOUND',
          `this machine is not enrolled at ${gateway}; ask an administrator for a token, then run: gatehouse device enroll --token TOKEN`,
        )
      }
      if (surroundings.ask === undefined) {
        throw new GatewayError(
          'INVALID_INPUT',
          'a person has to look at the sign-in and say yes; run this in a terminal',
        )
      }
      const vouch = { client, gateway, known, surroundings }
      if (code !== undefined) {
        await answer(vouch, { code })
        return
      }
      await using listener = await listenForHandOver(readPort(options.port))
      out(
        `Waiting for the browser of this machine on port ${listener.port}. Go on in the page of the sign-in.`,
      )
      await handOver(vouch, await listener.next())
    })
}

interface Vouch {
  readonly client: ApiClient
  readonly gateway: string
  readonly known: KnownDevice
  readonly surroundings: CliSurroundings
}

async function handOver(vouch: Vouch, { ticket, handle, goTo, turnAway }: HandOver): Promise<void> {
  try {
    const completion = await answer(vouch, { ticket })
    goTo(deviceReturnUrl(vouch.gateway, { handle, completion }))
  } catch (error) {
    turnAway('The device did not vouch for this sign-in; its command line says why.')
    throw error
  }
}

/** Answers what the browser brings back; undefined where it brings nothing. */
async function answer(
  { client, gateway, known, surroundings }: Vouch,
  key: { readonly ticket: string } | { readonly code: string },
): Promise<string | undefined> {
  const { env, out, ask } = surroundings
  const asked = challengeInspectAnswer.parse(await client.post(paths.deviceChallengeInspect, { key }))
  for (const line of describe(asked, known)) out(printable(line))
  if (!(await confirm(ask, 'Is that you, in the browser of this machine?'))) {
    await client.post(paths.deviceChallengeRefuse, { key })
    out(
      'Refused. If you did not start this sign-in, somebody else did in your name: tell your administrator.',
    )
    return undefined
  }
  const statement = confirmationStatement({ ...asked, gateway, device: known.device })
  const signature = await (await storeOf(known, env)).sign(known.device, statement)
  const body = { key, device: known.device, signature }
  const { completion } = challengeSignAnswer.parse(await client.post(paths.deviceChallengeSign, body))
  out(printable(`Device ${known.assetTag} vouched for the sign-in to ${asked.serviceProvider}.`))
  return completion
}

/** T31: whom, where, from which browser and place. */
function describe(asked: ChallengeInspectAnswer, { assetTag }: KnownDevice): string[] {
  const place = asked.isSameAddress
    ? `${asked.address}, where this device is too`
    : `${asked.address}, which is NOT where this device is`
  return [
    'A sign-in asks this device to vouch for it:',
    `  person       ${asked.user}`,
    `  application  ${asked.serviceProvider} (${asked.application})`,
    `  browser      ${asked.userAgent || 'unknown'}`,
    `  address      ${place}`,
    `  started      ${asked.startedAt}`,
    `  device       ${assetTag}`,
  ]
}

async function storeOf({ storage }: KnownDevice, env: NodeJS.ProcessEnv): Promise<DeviceKeyStore> {
  if (storage === 'key_file') return createFileKeyStore(env)
  const system = await openSystemKeyStore()
  if (system !== undefined) return system
  throw new GatewayError('UNAVAILABLE', 'the key store of the operating system does not answer; unlock it')
}

/** Who is signed in here, and where: a device vouches for the person of its command line alone. */
async function connect(options: ClientOptions, env: NodeJS.ProcessEnv) {
  const connection = await findConnection(options, env)
  const gateway = originOf(connection.url)
  const client = createClient(connection)
  const { actor } = sessionAnswer.parse(await client.get(paths.session))
  if (actor?.kind === 'person') return { client, gateway, user: actor.name }
  throw new GatewayError(
    'NOT_SIGNED_IN',
    `a device vouches for a person: sign in on it with gatehouse login --url ${gateway}`,
  )
}

function readPort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new GatewayError('INVALID_INPUT', `"${text.slice(0, 20)}" is no port; give a number up to 65535`)
}
