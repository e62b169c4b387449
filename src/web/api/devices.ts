/** @module Devices as the page reads and makes them, and the step of a sign-in in which one vouches. */
import { queryOptions } from '@tanstack/react-query'
import type {
  ApplyAnswer,
  DeviceAskAnswer,
  DeviceAskRequest,
  DeviceItem,
  DeviceSkipAnswer,
  DeviceStepAnswer,
  EnrollTokenAnswer,
  Page,
} from '../../api/contract.js'
import { apiPaths } from '../path-builder.js'
import { getJson, sendJson } from './client.js'
import { createResources } from './resources.js'
import { together } from './confirm-together.js'

export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  queryFn: async ({ signal }) => (await getJson<Page<DeviceItem>>(apiPaths.devices(), signal)).items,
})

export const ownDevicesQuery = queryOptions({
  queryKey: ['devices', 'own'],
  queryFn: async ({ signal }) => (await getJson<Page<DeviceItem>>(apiPaths.meDevices(), signal)).items,
})

export interface NewDevice {
  readonly osType: string
  readonly assetTag: string
  readonly owner: string
}

async function createDevice(id: string, { osType, assetTag, owner }: NewDevice): Promise<string> {
  // JSON is YAML.
  const document = {
    kind: 'device',
    version: 'v1',
    metadata: { name: id },
    spec: { os_type: osType, asset_tag: assetTag, ...(owner && { owner }) },
  }
  const answer: ApplyAnswer = await createResources(JSON.stringify(document), { dryRun: false })
  return answer.changes[0]?.name ?? id
}

/** Registers it; `then` goes on with its id, under one confirmation where that is asked for. */
export async function createDeviceAnd<T>(fields: NewDevice, then: (id: string) => Promise<T>): Promise<T> {
  const id = crypto.randomUUID()
  const token = { method: 'POST', url: apiPaths.deviceEnrollToken(id) } as const
  return await together([token], async () => await then(await createDevice(id, fields)))
}

export function makeEnrollToken(name: string): Promise<EnrollTokenAnswer> {
  return sendJson<EnrollTokenAnswer>('POST', apiPaths.deviceEnrollToken(name))
}

const pollMs = 2000

/** Asked again and again once a device was asked, for the device answers the gateway and not the page. */
export const deviceStepQuery = (handle: string) =>
  queryOptions({
    queryKey: ['device-step', handle],
    queryFn: ({ signal }) => getJson<DeviceStepAnswer>(apiPaths.deviceStep(handle), signal),
    refetchInterval: ({ state }) =>
      state.data?.state === 'waiting' || state.data?.state === 'signed' ? pollMs : false,
    gcTime: 0,
  })

export function askDevice(request: DeviceAskRequest): Promise<DeviceAskAnswer> {
  return sendJson<DeviceAskAnswer>('POST', apiPaths.deviceStepAsk(), request)
}

export function goWithoutDevice(handle: string): Promise<DeviceSkipAnswer> {
  return sendJson<DeviceSkipAnswer>('POST', apiPaths.deviceStepSkip(), { handle })
}
