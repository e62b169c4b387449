/**
 * @module The YAML form of a device (v1): its operating system, its asset tag and its owner. Whether it has a key is no
 * part of the document: what an export says of that is kept without effect, for only enrolment makes a device trusted.
 */
import { z } from 'zod'
import { textSchema } from '../../api/resource/field-schemas.js'
import {
  ignoredShape,
  listIgnored,
  metadataSchema,
  optionalSection,
  readField,
  readText,
  storedMetadata,
} from '../../api/resource/fields.js'
import { parseWith, toPlain, type ParsedDocument } from '../../api/resource/parse.js'
import { deviceOsTypes, type Device } from '../../core/device/device.js'

const ignoredFields = [
  'collected_data',
  'create_time',
  'credential',
  'enroll_status',
  'profile',
  'update_time',
] as const

const maxTagLength = 100
const maxNameLength = 400

/** People read it on a page and in a terminal before they say yes. */
const assetTag = readField(
  (value, report): string => {
    const tag = readText(value, report)
    if (!/^[\p{L}\p{N}._:/#-]+$/u.test(tag) || tag.length > maxTagLength) {
      report(`must be letters, digits and . _ : / # -, at most ${maxTagLength}`)
    }
    return tag
  },
  textSchema({ minLength: 1, maxLength: maxTagLength }),
)

const line = readField(
  (value, report): string => {
    const text = readText(value, report)
    if (text.length > maxNameLength || /\p{C}/u.test(text)) {
      report(`must be at most ${maxNameLength} characters, none of them invisible`)
    }
    return text
  },
  textSchema({ maxLength: maxNameLength }),
)

/** Devices of exports say what they come from in a map. */
const source = z.union([line, z.object({ name: line.optional(), origin: z.unknown() }).loose()])

export const deviceForm = z.strictObject({
  kind: z.literal('device').describe('The kind of this document'),
  version: z.literal('v1').describe('The version of its form'),
  metadata: metadataSchema(),
  spec: z
    .strictObject({
      os_type: z.enum(deviceOsTypes).describe('Its operating system'),
      asset_tag: assetTag.describe('What the company calls it, such as its serial number; no two share one'),
      owner: optionalSection(line.optional()).describe(
        'The only user whom it vouches for; without it, whoever enrols it',
      ),
      source: optionalSection(source.optional()).describe('Where this record comes from'),
      ...ignoredShape(ignoredFields),
    })
    .describe('Which device it is, and whose'),
})

export type DeviceDocument = Omit<z.output<typeof deviceForm>, 'metadata'> & {
  readonly metadata: ReturnType<typeof storedMetadata>
}

/** @throws GatewayError `INVALID_RESOURCE` with every problem. */
export function parseDeviceDocument(input: unknown, from?: string): ParsedDocument<DeviceDocument, Device> {
  const parsed = parseWith(deviceForm, 'device', input, from)
  const { spec, metadata } = parsed
  return {
    document: toPlain({ ...parsed, metadata: storedMetadata(metadata) }),
    value: {
      name: metadata.name,
      osType: spec.os_type,
      assetTag: spec.asset_tag,
      owner: spec.owner === '' ? undefined : spec.owner,
      source: typeof spec.source === 'string' ? spec.source : spec.source?.name,
    },
    ignored: listIgnored(spec, 'spec', ignoredFields),
    revision: metadata.revision,
  }
}
