/** @module The engines under test: SQLite in memory and in a file, PostgreSQL. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { createPostgresDatabase, queryPostgres } from '../support/postgres.js'
import type { Engine, SharedEngine } from './conformance/engine.js'

export const memoryEngine: Engine = { newUrl: () => Promise.resolve('sqlite::memory:') }

export const fileEngine: SharedEngine = {
  newUrl() {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-store-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    return Promise.resolve(`sqlite:${join(folder, `${randomUUID()}.db`)}`)
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

export const postgresEngine: SharedEngine = { newUrl: createPostgresDatabase, query: queryPostgres }
