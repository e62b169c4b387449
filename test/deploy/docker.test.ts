/**
 * The image and its compose file, as far as they can be checked without a Docker engine: what the Dockerfile copies exists
 * and is in its context, what the build reads is copied, its start and health commands are those that work here, and each
 * variable is one that the gateway knows.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { variableNames } from '../../src/config/env.js'

const at = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url))
const read = (file: string): string => readFileSync(at(file), 'utf8')

/** Instructions with their arguments; continued lines joined, comments left out. */
const instructions = read('deploy/docker/Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => ({ name: line.split(' ', 1)[0] ?? '', rest: line.slice(line.indexOf(' ') + 1).trim() }))
const all = (name: string): string[] =>
  instructions.filter((one) => one.name === name).map(({ rest }) => rest)

/** Sources and target of each COPY, by where they come from: the context or the stage before. */
const copies = all('COPY').map((rest) => {
  const words = rest.split(/\s+/)
  const paths = words.filter((word) => !word.startsWith('--'))
  return { fromStage: words.some((word) => word.startsWith('--from=')), sources: paths.slice(0, -1) }
})
const fromContext = copies.filter(({ fromStage }) => !fromStage).flatMap(({ sources }) => sources)

describe('the Dockerfile', () => {
  test('copies what exists, and its ignore file lets in that and nothing else', () => {
    expect(fromContext.filter((source) => !existsSync(at(source)))).toEqual([])
    const letIn = read('deploy/docker/Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(letIn[0]).toBe('*')
    expect(letIn.slice(1).sort()).toEqual(fromContext.map((source) => `!${source}`).sort())
  })

  test('copies all that the build reads', () => {
    const build = read('deploy/build.mjs')
    const named = [...build.matchAll(/'(package-lock\.json|tsconfig\.json|src(?:\/\w+)?)'/g)].map(
      ([, name]) => name,
    )
    const top = new Set(named.map((name) => name?.split('/')[0]))
    expect([...top].filter((name) => !fromContext.includes(name ?? ''))).toEqual([])
    // The page's build reaches nothing outside of src either.
    expect(read('src/web/vite.config.ts')).not.toMatch(/\.\.\/\.\.\/(?!\.\.\/)(?!dist|src)/)
  })

  test('pins its bases, of one version of Node that the gateway runs on, and ends as nobody special', () => {
    const bases = all('FROM').map((rest) => rest.split(' ')[0] ?? '')
    expect(bases).toEqual([expect.stringMatching(/^node:20\.\d+\.\d+-bookworm$/), `${bases[0] ?? ''}-slim`])
    expect(all('USER')).toEqual(['10001:10001'])
    const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'))
    expect(last.filter(({ name }) => name === 'RUN')).toEqual([])
  })

  test('starts the program that package.json names, without a shell in between', () => {
    const { bin } = JSON.parse(read('package.json')) as { bin: { gatehouse: string } }
    expect(JSON.parse(all('ENTRYPOINT')[0] ?? '')).toEqual(['node', bin.gatehouse])
    expect(existsSync(at(bin.gatehouse))).toBe(true)
    expect(JSON.parse(all('CMD')[0] ?? '')).toEqual(['start'])
  })

  test('sets only variables that the gateway knows', () => {
    const names = [
      ...all('ENV')
        .join(' ')
        .matchAll(/\b(GATEHOUSE_\w+)=/g),
    ].map(([, name]) => name ?? '')
    expect(names).toEqual(['GATEHOUSE_DATA_DIR', 'GATEHOUSE_LISTEN'])
    expect(names.filter((name) => !variableNames.includes(name))).toEqual([])
  })

  test('its health command asks /readyz and says by its exit status what it heard', async () => {
    const command = JSON.parse(/CMD (\[.*\])/.exec(all('HEALTHCHECK')[0] ?? '')?.[1] ?? '') as string[]
    let answer = 200
    const asked: (string | undefined)[] = []
    const server = createServer((request, response) => {
      asked.push(request.url)
      response.writeHead(answer).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const env = { GATEHOUSE_LISTEN: `0.0.0.0:${(server.address() as AddressInfo).port}` }
    const exit = async (): Promise<unknown> => {
      const child = spawn(process.execPath, command.slice(1), { env, stdio: 'ignore' })
      return ((await once(child, 'exit')) as [number])[0]
    }
    expect(command[0]).toBe('node')
    expect(await exit()).toBe(0)
    answer = 503
    expect(await exit()).toBe(1)
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
    expect(await exit()).toBe(1)
    expect(asked).toEqual(['/readyz', '/readyz'])
  })
})

describe('the compose file', () => {
  const compose = parse(read('deploy/docker/compose.yaml')) as {
    services: Record<
      string,
      { image: string; environment?: Record<string, string>; networks: readonly string[] }
    >
    networks: { front: { ipam: { config: { subnet: string }[] } } }
  }
  const gateway = compose.services.gatehouse as unknown as {
    environment: Record<string, string>
    build: { dockerfile: string }
  }

  test('gives the gateway what it asks for with PostgreSQL and https, under names that it knows', () => {
    const names = Object.keys(gateway.environment)
    expect(names.filter((name) => !variableNames.includes(name))).toEqual([])
    expect(names).toEqual(
      expect.arrayContaining([
        'GATEHOUSE_PUBLIC_URL',
        'GATEHOUSE_TRUSTED_PROXIES',
        'GATEHOUSE_DATABASE_URL',
        'GATEHOUSE_MASTER_KEY_FILE',
      ]),
    )
    expect(gateway.environment.GATEHOUSE_TRUSTED_PROXIES).toBe(compose.networks.front.ipam.config[0]?.subnet)
  })

  test('builds by the Dockerfile, runs with as little as it can, and opens no port but the proxy’s', () => {
    expect(existsSync(at(gateway.build.dockerfile))).toBe(true)
    expect(gateway).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      stop_grace_period: '20s',
    })
    const open = Object.entries(compose.services).filter(([, service]) => 'ports' in service)
    expect(open.map(([name]) => name)).toEqual(['caddy'])
    // Whom the gateway trusts is the whole of this network.
    const front = Object.entries(compose.services).filter(([, { networks }]) => networks.includes('front'))
    expect(front.map(([name]) => name)).toEqual(['gatehouse', 'caddy'])
    for (const { image } of Object.values(compose.services)) expect(image).toMatch(/:\d[\w.-]*$/)
  })
})
