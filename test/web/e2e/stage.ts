/** @module What every file of stories begins with: its world, a browser, and pages opened as somebody of that world. */
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, vi } from 'vitest'
import { useBrowser, type BrowserStage } from '../../support/browser.js'

interface StagedWorld<Who> extends AsyncDisposable {
  readonly world: { readonly origin: string }
  enter(context: BrowserContext, who: Who): Promise<void>
}

export interface Stage<Who> {
  readonly browser: BrowserStage
  /** A browser of their own, signed in, at this path. */
  openAs(who: Who, path: string, options?: BrowserContextOptions): Promise<Page>
}

/** Call it at the top of the file: `open` makes the world before the first story, and may keep it for them. */
export function useStage<World extends StagedWorld<never>>(
  open: () => Promise<World>,
  usual: BrowserContextOptions = {},
): Stage<Parameters<World['enter']>[1]> {
  const browser = useBrowser()
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })
  let world: World | undefined
  beforeAll(async () => {
    world = await open()
  })
  afterAll(() => world?.[Symbol.asyncDispose]())
  return {
    browser,
    openAs: async (who, path, options = {}) => {
      if (world === undefined) throw new Error('open pages inside tests: the world is made before them')
      const { context, page } = await browser.open({ ...usual, ...options })
      await (world as StagedWorld<typeof who>).enter(context, who)
      await page.goto(world.world.origin + path)
      return page
    },
  }
}
