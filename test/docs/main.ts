/** @module `npm run docs`: writes the documents that are made from the code. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateDocuments } from './generated.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
for (const [file, text] of generateDocuments()) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
  writeFileSync(path.join(root, file), text)
  console.log(file)
}
