/** @module As which device this machine is enrolled, for each gateway; the key itself is in a key store. */
import { join } from 'node:path'
import { z } from 'zod'
import { deviceKeyStorages } from '../../core/device/device.js'
import { GatewayError } from '../../core/error.js'
import { configFolder, readPrivate, writePrivate } from '../credentials.js'

const entry = z.object({
  device: z.string().min(1),
  assetTag: z.string(),
  user: z.string(),
  storage: z.enum(deviceKeyStorages),
})
export type KnownDevice = z.infer<typeof entry>
/** By origin of the gateway. */
const file = z.object({ gateways: z.record(z.string(), entry) })

const fileOf = (env: NodeJS.ProcessEnv): string => join(configFolder(env), 'devices.json')

/** @throws GatewayError `INVALID_INPUT` for a file that others can read, or that is none of ours. */
export async function findKnownDevice(
  env: NodeJS.ProcessEnv,
  gateway: string,
): Promise<KnownDevice | undefined> {
  const { gateways } = await read(env)
  return Object.hasOwn(gateways, gateway) ? gateways[gateway] : undefined
}

export async function rememberDevice(
  env: NodeJS.ProcessEnv,
  gateway: string,
  device: KnownDevice,
): Promise<void> {
  const { gateways } = await read(env)
  await writePrivate(fileOf(env), { gateways: { ...gateways, [gateway]: device } })
}

async function read(env: NodeJS.ProcessEnv): Promise<z.infer<typeof file>> {
  const text = await readPrivate(fileOf(env))
  if (text === undefined) return { gateways: {} }
  const parsed = file.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new GatewayError('INVALID_INPUT', `${fileOf(env)} is damaged; delete it and enrol this device anew`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller refuses it with its place
  }
}
