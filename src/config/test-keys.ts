/** @module The keys in `certs/` come with the source code: everybody has them, so they protect nothing. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const testKeysDir = fileURLToPath(new URL('../../certs/', import.meta.url))

/** Whether an absolute path is one of theirs. */
export function isInsideTestKeys(file: string): boolean {
  const relative = path.relative(testKeysDir, file)
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
}
