/** @module The engines under test: SQLite in memory and in a file, PostgreSQL. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import SqliteDatabase from 'better-sqlite3'
import { expect, onTestFinished } from 'vitest'
import { createPostgresSchema, queryPostgres } from '../support/postgres.js'
import type { Engine, SharedEngine } from './conformance/engine.js'

export const memoryEngine: Engine = { newUrl: () => Promise.resolve('sqlite::memory:') }

export const fileEngine: SharedEngine = {
  newUrl() {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-store-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    return Promise.resolve(`sqlite:${join(folder, 'gatehouse.db')}`)
  },
  async query(url, statement) {
    const database = new SqliteDatabase(url.replace('sqlite:', ''), { timeout: 5000 })
    try {
      const prepared = database.prepare(statement)
      if (prepared.reader) return prepared.all() as Record<string, unknown>[]
      prepared.run()
      return await Promise.resolve([])
    } finally {
      database.close()
    }
  },
}

export const postgresEngine: SharedEngine = { newUrl: createPostgresSchema, query: queryPostgres }

/** Opens the store in a process of its own, which appends an event and dies before or after the commit. */
export async function openAndDie(url: string, moment: 'before' | 'after', uid: string): Promise<void> {
  const script = fileURLToPath(new URL('crash-child.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, url, moment, uid], { stdio: 'inherit' })
  const [, signal]: unknown[] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')
}
