/**
 * Builds what is missing or stale and nothing else: `src` to `dist/` by tsc, `src/web` to `dist/web/` by Vite.
 * Every npm script that runs the gateway calls this first. What counts is the content of the inputs, kept as a
 * hash beside the output, so a fresh clone, a switched branch and a touched file are all told apart rightly.
 *
 *   node deploy/build.mjs [--quiet] [--only server|web]
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = path.join(root, 'dist')
const lockFile = path.join(dist, '.build.lock')
const at = (name) => path.join(root, name)

/** Files under `directory`, relative to it, sorted; `skip` names folders at its top that are left out. */
function filesUnder(directory, skip = []) {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .filter((name) => !skip.includes(name.split(path.sep)[0]))
    .sort()
}

const under = (directory, skip) => filesUnder(at(directory), skip).map((name) => path.join(directory, name))

const parts = {
  server: {
    inputs: () => ['package-lock.json', 'tsconfig.json', ...under('src', ['web'])],
    output: path.join(dist, 'app.js'),
    build: buildServer,
  },
  web: {
    inputs: () => [
      'package-lock.json',
      'tsconfig.json',
      ...under('src/web'),
      ...under('src/api'),
      ...under('src/core'),
    ],
    output: path.join(dist, 'web', 'index.html'),
    build: buildWeb,
  },
}

function hashOf(inputs) {
  const hash = createHash('sha256').update(process.version)
  for (const name of inputs) hash.update(`\0${name}\0`).update(readFileSync(at(name)))
  return hash.digest('hex')
}

const stampFile = (part) => path.join(dist, `.${part}.stamp`)

function isFresh(part) {
  const stamp = stampFile(part)
  if (!existsSync(parts[part].output) || !existsSync(stamp)) return false
  return readFileSync(stamp, 'utf8') === hashOf(parts[part].inputs())
}

/** Runs a tool of `node_modules` with this Node; its output is shown only when it fails. */
function run(tool, args) {
  const script = at(path.join('node_modules', tool))
  if (!existsSync(script)) {
    const why = 'NODE_ENV=production leaves out the packages that build'
    fail(`${tool} is not installed: run "npm ci --include=dev" first (${why})`)
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) fail(`${stdout.replaceAll(/^TSFILE: .*\n/gm, '')}${stderr}`.trim())
  return stdout
}

function buildServer() {
  const pretty = process.stderr.isTTY ? ['--pretty'] : []
  const listed = run('typescript/bin/tsc', ['-p', 'src/tsconfig.json', '--listEmittedFiles', ...pretty])
  const emitted = [...listed.matchAll(/^TSFILE: (.+)$/gm)].map(([, file]) => path.resolve(root, file.trim()))
  // tsc leaves alone what is not TypeScript.
  for (const name of filesUnder(at('src'), ['web'])) {
    if (/\.tsx?$/.test(name) || path.basename(name).startsWith('tsconfig')) continue
    const target = path.join(dist, name)
    mkdirSync(path.dirname(target), { recursive: true })
    copyFileSync(path.join(root, 'src', name), target)
    emitted.push(target)
  }
  // A module deleted from src must not live on in dist.
  const keep = new Set(emitted)
  for (const name of filesUnder(dist, ['web'])) {
    const file = path.join(dist, name)
    if (!keep.has(file) && !name.startsWith('.')) rmSync(file)
  }
}

function buildWeb() {
  run('vite/bin/vite.js', ['build', '--config', 'src/web/vite.config.ts', '--logLevel', 'warn'])
}

function fail(message) {
  process.stderr.write(`build failed\n${message}\n`)
  process.exit(1)
}

/** Whether the process that wrote the lock still runs. A lock without a readable pid is new or damaged. */
function lockIsHeld() {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8'))
    if (!Number.isInteger(pid) || pid <= 0) return Date.now() - statSync(lockFile).mtimeMs < 5000
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** One build at a time: a second caller waits, and then mostly finds the work done. */
async function lock() {
  mkdirSync(dist, { recursive: true })
  for (;;) {
    try {
      const descriptor = openSync(lockFile, 'wx')
      writeSync(descriptor, String(process.pid))
      closeSync(descriptor)
      process.on('exit', () => rmSync(lockFile, { force: true }))
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1))
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (!lockIsHeld()) rmSync(lockFile, { force: true })
      else await sleep(150)
    }
  }
}

const { values } = parseArgs({ options: { quiet: { type: 'boolean' }, only: { type: 'string' } } })
if (values.only !== undefined && !(values.only in parts))
  fail(`--only takes ${Object.keys(parts).join(' or ')}`)
const wanted = values.only === undefined ? Object.keys(parts) : [values.only]

if (wanted.every(isFresh)) {
  if (!values.quiet) process.stdout.write('up to date\n')
} else {
  await lock()
  const stale = wanted.filter((part) => !isFresh(part))
  if (stale.length > 0) {
    process.stderr.write(`building ${stale.join(' and ')} … (the first run takes about a minute)\n`)
  }
  for (const part of stale) {
    // Taken before the build: a file saved meanwhile makes the next run build again.
    const hash = hashOf(parts[part].inputs())
    rmSync(stampFile(part), { force: true })
    parts[part].build()
    writeFileSync(stampFile(part), hash)
    if (!values.quiet) process.stdout.write(`built ${part}\n`)
  }
}
