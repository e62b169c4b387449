/**
 * @module Makes the one archive of an evidence pack: its files as they come, then the manifest with the hash of each, then
 * the signature of the manifest. The same files give the same archive.
 */
import { createHash, sign } from 'node:crypto'
import { PassThrough, Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { buildManifest, manifestText, type ManifestFile, type PackFacts } from '../core/audit/evidence.js'
import type { SigningKeys } from '../keys/keys.js'

export interface PackFile {
  readonly name: string
  readonly chunks: AsyncIterable<string> | Iterable<string>
}

export interface EvidenceArchiver {
  /** The archive, no faster than it is taken. Fails with what the files throw. */
  pack(facts: PackFacts, files: AsyncIterable<PackFile> | Iterable<PackFile>): AsyncIterable<Uint8Array>
}

export const manifestName = 'manifest.json'
export const signatureName = 'manifest.sig.json'

export function createEvidenceArchiver({ keys }: { readonly keys: SigningKeys }): EvidenceArchiver {
  return { pack: (facts, files) => pack(keys, facts, files) }
}

async function* pack(
  keys: SigningKeys,
  facts: PackFacts,
  files: AsyncIterable<PackFile> | Iterable<PackFile>,
): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile()
  const output = new PassThrough()
  zip.outputStream.pipe(output)
  zip.on('error', (error: Error) => output.destroy(error))
  const options = { mtime: new Date(facts.to), mode: 0o100600 }
  let gone: (() => void) | undefined
  output.once('close', () => gone?.())
  const fill = async (): Promise<void> => {
    const entries: ManifestFile[] = []
    for await (const { name, chunks } of files) {
      const hash = createHash('sha256')
      let size = 0
      await new Promise<void>((resolve, reject) => {
        const stream = Readable.from(
          measured(chunks, (bytes) => {
            hash.update(bytes)
            size += bytes.length
          }),
        )
        stream.once('error', reject)
        stream.once('end', resolve)
        // Whoever takes the archive went away: what is not read any more never ends.
        gone = resolve
        zip.addReadStream(stream, name, options)
      })
      if (output.destroyed) return
      entries.push({ name, size, sha256: hash.digest('hex') })
    }
    const manifest = buildManifest(facts, entries)
    const key = await keys.current()
    const signature = sign(null, Buffer.from(manifestText(manifest), 'utf8'), key.privateKey).toString(
      'base64url',
    )
    const signed = { algorithm: 'Ed25519', key_id: key.id, public_key_pem: key.publicKeyPem, signature }
    zip.addBuffer(Buffer.from(manifest, 'utf8'), manifestName, options)
    zip.addBuffer(Buffer.from(`${JSON.stringify(signed, undefined, 2)}\n`, 'utf8'), signatureName, options)
    zip.end()
  }
  const filled = fill().catch((error: unknown) => {
    output.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  yield* output
  await filled
}

async function* measured(
  chunks: AsyncIterable<string> | Iterable<string>,
  onBytes: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk, 'utf8')
    onBytes(bytes)
    if (bytes.length > 0) yield bytes
  }
}
