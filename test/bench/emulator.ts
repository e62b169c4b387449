/**
 * @module What the emulator costs: reads a CPU second of its process with the limits off (it must never be the
 * bottleneck of a test), and how long and how much memory the large organisation takes. The load comes from this
 * process over a few connections; what counts is the CPU time of the server alone.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateOrganisation } from '../../src/emulator/generate/generate.js'
import { sizes } from '../../src/emulator/generate/size.js'
import { writeOrganisation } from '../../src/emulator/generate/write-organisation.js'
import { scimTenant } from '../../src/emulator/state/instance.js'
import { parseOrganisation, type Organisation } from '../../src/emulator/state/organisation.js'
import type { BenchLine } from './line.js'
import { RawConnection, rawRequest } from './raw-http.js'

const entry = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const token = 'token-of-the-benchmark'
const connections = 8
const warmUps = 3000
const rounds = 5
const callsPerRound = 3000
const readsPerCpuSecond = 2000
const loadSeconds = 10
const residentMegabytes = 1024

export async function bench(): Promise<BenchLine[]> {
  const dir = await mkdtemp(path.join(tmpdir(), 'gatehouse-bench-'))
  const file = path.join(dir, 'large.yaml')
  const text = writeOrganisation({ ...generateOrganisation(sizes.large, 1), scim: { tokens: [{ token }] } })
  await writeFile(file, text)
  const server = await startEmulator(file)
  try {
    const resident = await residentMemory(server.process)
    const lines: BenchLine[] = []
    for (const [name, requests] of reads(parseOrganisation(text, 'large'))) {
      const value = await callsPerCpuSecond(server, requests)
      lines.push({
        bench: 'emulator',
        metric: `${name}_per_server_cpu_second`,
        value,
        limit: readsPerCpuSecond,
        ratio: value / readsPerCpuSecond,
        n: rounds * callsPerRound,
        note: 'reads of one core that a test may need, limits off; at least 1',
      })
    }
    return [
      ...lines,
      {
        bench: 'emulator',
        metric: 'large_seconds_from_start_to_listening',
        value: server.startSeconds,
        limit: loadSeconds,
        ratio: server.startSeconds / loadSeconds,
        n: 1,
        note: 'the large organisation from a file, start of the process included; at most 1',
      },
      {
        bench: 'emulator',
        metric: 'large_resident_megabytes',
        value: resident,
        limit: residentMegabytes,
        ratio: resident / residentMegabytes,
        n: 1,
        note: 'before the first call; at most 1',
      },
    ]
  } finally {
    const ended = once(server.process, 'exit')
    server.process.kill('SIGTERM')
    await ended
    await rm(dir, { recursive: true, force: true })
  }
}

/** Requests of each kind, spread over the organisation so that nothing is read twice in a row. */
function reads({ instance, contents }: Organisation): readonly (readonly [string, readonly Buffer[]])[] {
  const users = spread(contents.users ?? [])
  const pairs = spread(contents.provisionedSets ?? [])
  const { instanceArn, identityStoreId } = instance
  const aws = (signingName: string, target: string, body: object): Buffer => {
    // The form is what counts: signatures are not verified unless that is asked for.
    const date = new Date(performance.timeOrigin + performance.now()).toISOString().replace(/[-:]|\.\d+/g, '')
    const scope = `${date.slice(0, 8)}/${instance.region}/${signingName}/aws4_request`
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      'x-amz-date': date,
      authorization:
        `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/${scope}, ` +
        `SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`,
    }
    return rawRequest('POST', '/', headers, JSON.stringify(body))
  }
  const store = (operation: string, body: object): Buffer =>
    aws('identitystore', `AWSIdentityStore.${operation}`, { IdentityStoreId: identityStoreId, ...body })
  return [
    ['describe_user', users.map(({ id }) => store('DescribeUser', { UserId: id }))],
    ['list_users_page_of_100', [store('ListUsers', { MaxResults: 100 })]],
    [
      'list_account_assignments',
      pairs.map(({ accountId, permissionSetArn }) =>
        aws('sso', 'SWBExternalService.ListAccountAssignments', {
          InstanceArn: instanceArn,
          AccountId: accountId,
          PermissionSetArn: permissionSetArn,
        }),
      ),
    ],
    [
      'scim_get_user',
      users.map(({ id }) =>
        rawRequest('GET', `/${scimTenant(instance)}/scim/v2/Users/${id}`, {
          authorization: `Bearer ${token}`,
        }),
      ),
    ],
  ]
}

function spread<Row>(rows: readonly Row[]): readonly Row[] {
  const step = Math.max(1, Math.floor(rows.length / 500))
  return rows.filter((_, index) => index % step === 0)
}

interface Server {
  readonly process: ChildProcess
  readonly port: number
  readonly startSeconds: number
}

async function startEmulator(file: string): Promise<Server> {
  const startedAt = performance.now()
  const args = ['emulator', '--listen', '127.0.0.1:0', '--org', file, '--limits', 'off']
  const child = spawn(process.execPath, [entry, ...args], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.once('exit', () => child.kill())
  let output = ''
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
      const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1]
      if (found !== undefined) resolve(Number(found))
    })
    child.once('exit', () => reject(new Error(`the emulator ended before it listened: ${output}`)))
  })
  return { process: child, port, startSeconds: (performance.now() - startedAt) / 1000 }
}

/** The median of several rounds, after one that compiles the code. */
async function callsPerCpuSecond(server: Server, requests: readonly Buffer[]): Promise<number> {
  const open = await Promise.all(Array.from({ length: connections }, () => RawConnection.open(server.port)))
  try {
    await callMany(open, requests, warmUps)
    const rates: number[] = []
    for (let round = 0; round < rounds; round++) {
      const before = await cpuSeconds(server.process)
      await callMany(open, requests, callsPerRound)
      rates.push(callsPerRound / ((await cpuSeconds(server.process)) - before))
    }
    return rates.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN
  } finally {
    for (const connection of open) connection.close()
  }
}

async function callMany(
  open: readonly RawConnection[],
  requests: readonly Buffer[],
  count: number,
): Promise<void> {
  let sent = 0
  await Promise.all(
    open.map(async (connection) => {
      while (sent < count) {
        const request = requests[sent++ % requests.length]
        if (request !== undefined) await connection.send(request)
      }
    }),
  )
}

/** User and system time of a process (proc(5), fields 14 and 15, in hundredths of a second). */
async function cpuSeconds({ pid }: ChildProcess): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function residentMemory({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024
}
