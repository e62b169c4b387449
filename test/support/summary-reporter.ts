/**
 * The last line of every test run: `N passed, N failed`; where tests were skipped, the line before says how many.
 * A file that does not load, an error outside any test and a run that never ends properly count as failed, so
 * the line cannot be green while the run is red. It is written when the process exits: nothing follows it.
 */
import { writeSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

export interface Counts {
  passed: number
  failed: number
  skipped: number
}

/** Counts the tests of all modules; errors outside tests are failures of their own. */
export function count(modules: readonly TestModule[], unhandledErrors: number): Counts {
  const counts: Counts = { passed: 0, failed: unhandledErrors, skipped: 0 }
  for (const module of modules) {
    counts.failed += module.errors().length
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') counts.passed += 1
      else if (state === 'skipped') counts.skipped += 1
      else counts.failed += 1
    }
  }
  return counts
}

export function summaryLines({ passed, failed, skipped }: Counts): string[] {
  return [...(skipped > 0 ? [`${skipped} skipped`] : []), `${passed} passed, ${failed} failed`]
}

/** Vitest loads reporters by their default export. */
export default class SummaryReporter implements Reporter {
  #counts: Counts | undefined

  onInit(): void {
    process.once('exit', (code) => {
      const counts = this.#counts ?? { passed: 0, failed: 1, skipped: 0 }
      // The exit status and the line agree, whatever else went wrong (a failing global set-up, for example).
      if (code !== 0 && counts.failed === 0) counts.failed = 1
      if (counts.failed > 0 && code === 0) process.exitCode = 1
      writeSync(1, `${summaryLines(counts).join('\n')}\n`)
    })
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.#counts = count(modules, unhandledErrors.length)
  }
}
