/**
 * Writes `deploy/sbom.cdx.json`, what is shipped of others' work, as CycloneDX, from the lock file alone: the packages that
 * are installed with the gateway, and those that the build puts into the page. npm's own answer has a serial number and an
 * instant that differ each time; without them the file changes only with what it lists, so it is committed.
 *
 *   npm run sbom
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages

function npmSbom(...more) {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', ...more]
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 26 }
  return JSON.parse(execFileSync('npm', args, options))
}

/** Names of the packages that the page's own files import. */
function importedByPage() {
  const names = new Set()
  for (const entry of readdirSync(path.join(root, 'src/web'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(tsx?|css)$/.test(entry.name) || entry.name === 'vite.config.ts') continue
    const text = readFileSync(path.join(entry.parentPath, entry.name), 'utf8')
    for (const [, name] of text.matchAll(
      /(?:from|import\(?|@import)\s*['"]((?:@[\w-]+\/)?[a-z][\w.-]*)[/'"]/g,
    )) {
      if (name in { ...lock[''].dependencies, ...lock[''].devDependencies }) names.add(name)
    }
  }
  return names
}

/** Places in the lock file of what the page is built from, found as Node finds packages: upwards from who asks. */
function placesOfPage() {
  const found = new Set()
  const visit = (name, from) => {
    let folder = from
    while (!(`${folder}node_modules/${name}` in lock)) {
      // A peer that is optional, or a build of another platform.
      if (folder === '') return
      folder = folder.replace(/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/$/, (cut) =>
        cut[0] === '/' ? '/' : '',
      )
    }
    const place = `${folder}node_modules/${name}`
    if (found.has(place)) return
    found.add(place)
    const { dependencies, peerDependencies } = lock[place]
    for (const next of Object.keys({ ...dependencies, ...peerDependencies })) visit(next, `${place}/`)
  }
  for (const name of importedByPage()) visit(name, '')
  return found
}

/** `name@version` of a place in the lock file, as npm names components. */
const refOf = (place) => `${place.slice(place.lastIndexOf('node_modules/') + 13)}@${lock[place].version}`

// By the lock file's own marks: `npm sbom --omit dev` also leaves out what the runtime and the tests both need.
const installed = new Set(
  Object.keys(lock)
    .filter((place) => place !== '' && !lock[place].dev)
    .map(refOf),
)
const ofPage = new Set([...placesOfPage()].map(refOf).filter((ref) => !installed.has(ref)))
const isShipped = (ref) => installed.has(ref) || ofPage.has(ref)

const bom = npmSbom()
delete bom.serialNumber
// Named after the folder of the checkout otherwise.
const { component } = bom.metadata
bom.metadata = { component: { ...component, type: 'application', name: 'gatehouse' } }
bom.components = bom.components
  .filter((one) => isShipped(one['bom-ref']))
  .map((one) => {
    const part = ofPage.has(one['bom-ref']) ? 'page' : 'gateway'
    return { ...one, scope: 'required', properties: [{ name: 'gatehouse:part', value: part }] }
  })
bom.dependencies = bom.dependencies
  .filter(({ ref }) => ref === component['bom-ref'] || isShipped(ref))
  .map((one) => ({ ...one, dependsOn: one.dependsOn.filter(isShipped) }))
writeFileSync(new URL('sbom.cdx.json', import.meta.url), `${JSON.stringify(bom, undefined, 2)}\n`)
