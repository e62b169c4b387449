import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))
const postgres = fileURLToPath(new URL('support/global-postgres.ts', import.meta.url))

/**
 * Rooms whose files follow one another in a process, since loading the same modules anew for each of hundreds of files
 * took a third of the whole run. They leave nothing behind: no global is changed for longer than a test.
 */
const shared = ['core', 'emulator', 'http', 'kinds', 'reconcile', 'saml', 'service', 'store'].map(
  (room) => `test/${room}/**/*.test.ts`,
)

export default defineConfig({
  root,
  test: {
    // Native modules (SQLite, argon2) and tests that patch a built-in want a process of their own.
    pool: 'forks',
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 60_000,
    globalSetup: existsSync(postgres) ? [postgres] : [],
    setupFiles: [fileURLToPath(new URL('support/network-guard.ts', import.meta.url))],
    reporters: ['default', fileURLToPath(new URL('support/summary-reporter.ts', import.meta.url))],
    projects: [
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
      {
        extends: true,
        test: { name: 'own', include: ['test/**/*.test.ts', 'test/**/*.e2e.ts'], exclude: shared },
      },
    ],
  },
})
