/**
 * What `npm pack` makes, unpacked as `npm install -g` unpacks it, away from the checkout. Its packages are links to the
 * checkout's, and only to those that package.json names for the runtime: what it imports beside them is not found. That
 * npm itself resolves and builds these packages is not shown here, for it wants the network.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run, startGateway } from '../support/process.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
interface Manifest {
  readonly version: string
  readonly bin: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}

let folder: string
let packed: { readonly size: number; readonly files: readonly { readonly path: string }[] }
let manifest: Manifest
let program: string

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'gatehouse-pack-')))
  // `npm test` has built; a second build beside other tests would change what they run.
  const args = ['pack', '--ignore-scripts', '--json', '--offline', '--pack-destination', folder]
  const said = execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const [answer] = JSON.parse(said) as [typeof packed & { filename: string }]
  packed = answer
  const installed = join(folder, 'lib/node_modules/gatehouse')
  await mkdir(installed, { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, answer.filename), '--strip-components=1', '-C', installed])
  manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as Manifest
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    const link = join(installed, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(root, 'node_modules', name), link)
  }
  program = join(installed, manifest.bin.gatehouse ?? '')
}, 120_000)

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

test('the package holds the program, the page, the documents and what runs it, and nothing else', () => {
  const files = packed.files.map(({ path }) => path)
  const needed = [
    'LICENSE',
    'README.md',
    'dist/main.js',
    'dist/web/index.html',
    'deploy/sbom.cdx.json',
    'deploy/systemd/gatehouse.service',
    'deploy/terraform/policies/base.json.tftpl',
    'docs/gatehouse.example.yaml',
    'docs/install.md',
    'fixtures/orgs/demo.yaml',
    'package.json',
  ]
  expect(needed.filter((name) => !files.includes(name))).toEqual([])
  const rooms = /^(?:dist|docs|deploy|fixtures\/(?:orgs|inventories))\/|^[\w-]+\.(?:md|json)$|^LICENSE$/
  expect(files.filter((name) => !rooms.test(name) || /\.map$|\/\.|\.key$/.test(name))).toEqual([])
  expect(packed.size).toBeLessThan(4_000_000)
})

test('it runs away from the checkout: version, gateway with its page, status, an orderly end', async () => {
  const env = {
    GATEHOUSE_DATA_DIR: join(folder, 'data'),
    GATEHOUSE_PUBLIC_URL: 'http://localhost:3080',
    GATEHOUSE_LISTEN: '127.0.0.1:0',
    GATEHOUSE_LOG_LEVEL: 'error',
  }
  const options = { cwd: folder, program, env }
  const version = await run(['--version'], options)
  expect(version).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' })

  await using gateway = await startGateway(options)
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200)
  const page = await (await fetch(`${gateway.url}/`, { headers: { accept: 'text/html' } })).text()
  const script = /src="(\/[^"]+\.js)"/.exec(page)?.[1] ?? '/none'
  expect((await fetch(gateway.url + script)).headers.get('content-type')).toContain('javascript')
  const status = await run(['status'], options)
  expect(status.out).toContain('You are:  ')
  expect(status).toMatchObject({ code: 0, err: '' })
  expect(await gateway.stop()).toBe(0)
  // Four processes, one after the other.
}, 60_000)
