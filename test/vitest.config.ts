import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))
const cores = Math.max(2, availableParallelism() - 1)
const postgres = fileURLToPath(new URL('support/global-postgres.ts', import.meta.url))

/** Rooms whose files want a process of their own: they look at the process itself. */
const alone = ['support', 'start'].map((room) => `test/${room}/**/*.test.ts`)
const browser = ['test/**/*.e2e.ts']

export default defineConfig({
  root,
  test: {
    // Native modules (SQLite, argon2) and tests that patch a built-in want a process of their own.
    pool: 'forks',
    maxWorkers: cores,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    globalSetup: existsSync(postgres) ? [postgres] : [],
    setupFiles: [fileURLToPath(new URL('support/network-guard.ts', import.meta.url))],
    reporters: ['default', fileURLToPath(new URL('support/summary-reporter.ts', import.meta.url))],
    // Files follow one another in a process, since loading the same modules anew for each of hundreds of files took a
    // third of the whole run. They leave nothing behind: no global is changed for longer than a test.
    projects: [
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: alone, isolate: false },
      },
      { extends: true, test: { name: 'own', include: alone } },
      {
        extends: true,
        test: {
          name: 'browser',
          include: browser,
          isolate: false,
          // They wait for pages and clocks a fifth of the time, so one more than there are cores.
          maxWorkers: cores + 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
