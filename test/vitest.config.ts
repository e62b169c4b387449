import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))
const postgres = fileURLToPath(new URL('support/global-postgres.ts', import.meta.url))

export default defineConfig({
  root,
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.e2e.ts'],
    // Native modules (SQLite, argon2) and tests that patch a built-in want a process of their own.
    pool: 'forks',
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 60_000,
    globalSetup: existsSync(postgres) ? [postgres] : [],
    setupFiles: [fileURLToPath(new URL('support/network-guard.ts', import.meta.url))],
    reporters: ['default', fileURLToPath(new URL('support/summary-reporter.ts', import.meta.url))],
  },
})
