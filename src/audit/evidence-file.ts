/**
 * @module Reads an evidence pack for verification without a gateway: the signature of its manifest, the hash of each file,
 * and the export in it. The archive is hostile until then: nothing is written anywhere, and sizes are bounded.
 */
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { z } from 'zod'
import { manifestText } from '../core/audit/evidence.js'
import { GatewayError } from '../core/error.js'
import { manifestName, signatureName } from './evidence-archive.js'
import { readExport, type ExportFile } from './export-file.js'
import { isSigned, readPublicKeys, type PublicKey } from './signatures.js'

const eventsName = 'events.jsonl'

const maxEntries = 1000
const maxManifestBytes = 4 * 1024 * 1024

const manifestForm = z.object({
  version: z.literal(1),
  cluster_name: z.string(),
  after: z.number().int(),
  through: z.number().int(),
  files: z.array(z.object({ name: z.string(), size: z.number(), sha256: z.string() })).max(maxEntries),
})
const signatureForm = z.object({ key_id: z.string(), public_key_pem: z.string(), signature: z.string() })

/** Keys that the caller trusts beside those in the pack, and whether only those count. */
export interface Trust {
  readonly keys: readonly PublicKey[]
  readonly ids: readonly string[] | undefined
}

/** @throws GatewayError `INVALID_INPUT` for what is no evidence pack; what was changed in one is a problem of it. */
export async function readEvidence(file: string, trust: Trust): Promise<ExportFile> {
  const zip = await openZip(file)
  const entries = await listEntries(zip, file)
  const read = async (name: string): Promise<Readable> => {
    const entry = entries.get(name)
    if (entry === undefined) throw refused(file, `there is no ${name} in it; is it an evidence pack?`)
    return await promisify<Entry, Readable>(zip.openReadStream.bind(zip) as never)(entry)
  }
  const manifest = await readText(await read(manifestName), file, manifestName)
  const about = parse(manifestForm, manifest, file, manifestName)
  const signed = parse(signatureForm, await readText(await read(signatureName), file, signatureName), file, signatureName) // prettier-ignore
  const problems: string[] = []

  const inPack = { id: signed.key_id, publicKeyPem: signed.public_key_pem }
  const all = readPublicKeys([inPack, ...trust.keys])
  const keys = trust.ids ? new Map([...all].filter(([id]) => trust.ids?.includes(id))) : all
  if (!keys.has(signed.key_id))
    problems.push(`the manifest is signed by ${signed.key_id}, which is not a key that counts`)
  else if (!isSigned(keys, signed.key_id, manifestText(manifest), signed.signature))
    problems.push('the signature of the manifest does not verify')

  for (const { name, size, sha256 } of about.files) {
    if (!entries.has(name)) problems.push(`${name} is missing`)
    else if (!(await hasHash(await read(name), size, sha256))) {
      // Nothing of it is read then: what stands in it is the word of whoever changed it.
      if (name === eventsName) throw refused(file, `${name} is not as it was signed`)
      problems.push(`${name} is not as it was signed`)
    }
  }
  const told = new Set([...about.files.map(({ name }) => name), manifestName, signatureName])
  for (const name of entries.keys()) if (!told.has(name)) problems.push(`${name} was put in afterwards`)

  const { evidence, selection } = await readExport(() => read(eventsName), `${file}: ${eventsName}`)
  const { excerpt, clusterName } = evidence
  if (
    excerpt?.after !== about.after ||
    excerpt.through !== about.through ||
    clusterName !== about.cluster_name
  ) {
    problems.push('the events are not those that the manifest tells of')
  }
  return { selection, evidence: { ...evidence, problems: [...problems, ...evidence.problems] } }
}

async function openZip(file: string): Promise<ZipFile> {
  try {
    const options = { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true }
    return await promisify<string, yauzl.Options, ZipFile>(yauzl.open as never)(file, options)
  } catch (cause) {
    throw refused(
      file,
      `it cannot be read as a zip archive: ${cause instanceof Error ? cause.message : ''}`,
      cause,
    )
  }
}

async function listEntries(zip: ZipFile, file: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  await new Promise<void>((resolve, reject) => {
    zip.on('error', (cause: unknown) => reject(refused(file, 'its list of files is damaged', cause)))
    zip.on('end', resolve)
    zip.on('entry', (entry: Entry) => {
      if (entries.has(entry.fileName)) reject(refused(file, `${entry.fileName} is in it twice`))
      else if (entries.size === maxEntries) reject(refused(file, 'there are too many files in it'))
      else {
        entries.set(entry.fileName, entry)
        zip.readEntry()
      }
    })
    zip.readEntry()
  })
  return entries
}

/** A damaged file is not as it was signed, whatever is wrong with it. */
async function hasHash(stream: Readable, size: number, sha256: string): Promise<boolean> {
  const hash = createHash('sha256')
  let left = size
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      left -= chunk.length
      if (left < 0) return false
      hash.update(chunk)
    }
  } catch {
    return false
  }
  return left === 0 && hash.digest('hex') === sha256
}

async function readText(stream: Readable, file: string, name: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxManifestBytes) throw refused(file, `${name} is too large`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse<T>(form: z.ZodType<T>, text: string, file: string, name: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  const parsed = form.safeParse(value)
  if (parsed.success) return parsed.data
  throw refused(file, `${name} is not as the gateway writes it`)
}

function refused(file: string, says: string, cause?: unknown): GatewayError {
  return new GatewayError('INVALID_INPUT', `${file}: ${says}`, {}, { cause })
}
