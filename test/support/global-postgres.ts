/**
 * @module Gives a test run its PostgreSQL (`globalSetup` in `test/vitest.config.ts`). The server starts with the first
 * question to the address provided here, so that runs without database tests do not wait for it.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { TestProject } from 'vitest/node'
import { startPostgres, type TestPostgres } from './postgres.js'

let running: Promise<TestPostgres> | undefined

const starter = createServer((_request, response) => {
  running ??= startPostgres()
  running.then(
    ({ url }) => response.end(url),
    (error: unknown) => response.writeHead(500).end(String(error)),
  )
})

export async function setup(project: TestProject): Promise<void> {
  starter.listen(0, '127.0.0.1')
  await once(starter, 'listening')
  const address = starter.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  project.provide('postgresStarter', `http://127.0.0.1:${port}`)
}

export async function teardown(): Promise<void> {
  starter.close()
  const server = await running?.catch(() => undefined)
  await server?.stop()
}
