/** @module `gatehouse devices`: the devices that may vouch for sign-ins, for administrators; `device.ts` is for the device itself. */
import { Option, type Command } from 'commander'
import {
  applyAnswer,
  deviceListAnswer,
  enrollTokenAnswer,
  paths,
  type DeviceItem,
} from '../../api/contract.js'
import { deviceOsTypes, foldAssetTag } from '../../core/device/device.js'
import { GatewayError } from '../../core/error.js'
import { systemRandom } from '../../lib/random.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ApiClient, type ClientOptions } from '../client.js'
import { createConfirmingClient, withMfa, type MfaOptions } from '../mfa.js'
import { printable } from '../printable.js'
import { removeResources, withRemoval, type RemovalOptions } from '../removal.js'
import { formatTable } from '../table.js'

export function addDevicesCommands(program: Command, surroundings: CliSurroundings): void {
  const devices = program.command('devices').description('the devices that may vouch for sign-ins')
  addLs(devices, surroundings)
  addAdd(devices, surroundings)
  addEnrollToken(devices, surroundings)
  addRm(devices, surroundings)
}

function addLs(devices: Command, { env, out }: CliSurroundings): void {
  withConnection(devices.command('ls').description('list devices'))
    .option('--json', 'one JSON object a line')
    .action(async (options: ClientOptions & { readonly json?: true }) => {
      const client = createClient(await findConnection(options, env))
      const items = await list(client)
      const titles = ['Asset tag', 'OS', 'Source', 'Enroll status', 'Owner', 'Device ID']
      if (options.json) for (const item of items) out(JSON.stringify(item))
      else for (const line of formatTable(titles, items.map(toRow))) out(line)
    })
}

async function list(client: ApiClient): Promise<DeviceItem[]> {
  return deviceListAnswer.parse(await client.get(paths.devices)).items
}

function toRow({ assetTag, osType, source, state, owner, enrolledBy, name }: DeviceItem): string[] {
  return [assetTag, osType, source ?? '', state.replace('_', ' '), owner ?? enrolledBy ?? '', name]
}

interface AddOptions extends ClientOptions, MfaOptions {
  readonly os: string
  readonly assetTag: string
  readonly owner?: string
  readonly enroll?: true
  readonly json?: true
}

function addAdd(devices: Command, surroundings: CliSurroundings): void {
  const { out } = surroundings
  withMfa(withConnection(devices.command('add').description('register a device')))
    .addOption(
      new Option('--os <type>', 'its operating system').choices([...deviceOsTypes]).makeOptionMandatory(),
    )
    .requiredOption('--asset-tag <tag>', 'what the company calls it, such as its serial number')
    .option('--owner <user>', 'the only user whom it vouches for; without it, whoever enrols it')
    .option('--enroll', 'make a token that enrols it, and print the command')
    .option('--json', 'as one JSON object')
    .action(async (options: AddOptions) => {
      const client = await createConfirmingClient(options, surroundings)
      const name = systemRandom.uuid()
      const { os, assetTag, owner } = options
      const document = {
        kind: 'device',
        version: 'v1',
        metadata: { name },
        spec: { os_type: os, asset_tag: assetTag, ...(owner !== undefined && { owner }) },
      }
      if (options.enroll) client.announce([{ method: 'POST', path: tokenPath(name) }])
      const { changes } = applyAnswer.parse(await client.post(paths.resources, document))
      const notes = changes
        .flatMap((change) => change.notes)
        .filter((note) => !note.startsWith('Vouches for'))
      const issued = options.enroll ? await askToken(client, name) : undefined
      if (options.json) {
        out(
          JSON.stringify({
            name,
            assetTag,
            notes,
            ...(issued && { token: issued.token, expiresAt: issued.expiresAt }),
          }),
        )
        return
      }
      out(printable(`Device ${assetTag} is registered as ${name}.`))
      for (const note of notes) out(printable(note))
      if (issued === undefined) out(printable(`To enrol it: gatehouse devices enroll-token ${assetTag}`))
      else tellToken(out, issued)
    })
}

function addEnrollToken(devices: Command, surroundings: CliSurroundings): void {
  const { out } = surroundings
  const make = devices.command('enroll-token')
  withMfa(withConnection(make.description('make a token that enrols a device once, within an hour')))
    .argument('<device>', 'asset tag or id')
    .option('--json', 'as one JSON object, with the token')
    .action(async (device: string, options: ClientOptions & MfaOptions & { readonly json?: true }) => {
      const client = await createConfirmingClient(options, surroundings)
      const issued = await askToken(client, await findName(client, device))
      if (options.json) out(JSON.stringify(issued))
      else tellToken(out, issued)
    })
}

function addRm(devices: Command, surroundings: CliSurroundings): void {
  const { out, ask } = surroundings
  const rm = devices.command('rm').description('remove a device; it vouches for nobody at once')
  withRemoval(withMfa(withConnection(rm)))
    .argument('<device>', 'asset tag or id')
    .action(async (device: string, options: ClientOptions & MfaOptions & RemovalOptions) => {
      const client = await createConfirmingClient(options, surroundings)
      const name = await findName(client, device)
      const path = paths.resource.replace(':kind', 'device').replace(':name', encodeURIComponent(name))
      await removeResources({ paths: [path], client, options, out, ask })
    })
}

type Issued = ReturnType<typeof enrollTokenAnswer.parse>

async function askToken(client: ApiClient, name: string): Promise<Issued> {
  return enrollTokenAnswer.parse(await client.post(tokenPath(name), {}))
}

function tokenPath(name: string): string {
  return paths.deviceEnrollToken.replace(':name', encodeURIComponent(name))
}

function tellToken(out: CliSurroundings['out'], { assetTag, token, expiresAt }: Issued): void {
  out(printable(`On device ${assetTag}, signed in as its owner with "gatehouse login", run:`))
  out(printable(`  gatehouse device enroll --token ${token}`))
  out(printable(`The token works once, until ${expiresAt}.`))
}

async function findName(client: ApiClient, written: string): Promise<string> {
  const items = await list(client)
  const found =
    items.find(({ name }) => name === written) ??
    items.find(({ assetTag }) => foldAssetTag(assetTag) === foldAssetTag(written))
  if (found !== undefined) return found.name
  throw new GatewayError(
    'NOT_FOUND',
    `there is no device "${written.slice(0, 200)}"; gatehouse devices ls lists them`,
  )
}
