import { describe, expect, test } from 'vitest'
import { expectFitsPhone, expectNoAxeViolations, useBrowser } from './browser.js'

const browser = useBrowser()
const frame = (body: string): string =>
  `<!doctype html><html lang="en"><head><title>Sample</title><meta name="color-scheme" content="light dark"></head><body><main><h1>Sample</h1>${body}</main></body></html>`

describe('the checks of a page fail where they should', () => {
  test.each([
    ['a picture without words', '<img src="data:,">', 'light: image-alt'],
    ['text too pale', '<p style="color:#ccc;background:#fff">pale</p>', 'light: color-contrast'],
    [
      'text too dark in the dark',
      '<p style="color:#111;background:light-dark(#fff,#222)">dim</p>',
      'dark: color-contrast',
    ],
  ])('%s', async (_, body, complaint) => {
    const { page } = await browser.open()
    await page.setContent(frame(body))
    await expect(expectNoAxeViolations(page)).rejects.toThrow(complaint)
  })

  test('frames are not passed over in silence', async () => {
    const { page } = await browser.open()
    await page.setContent(frame('<iframe title="Another" srcdoc="<p>Words</p>"></iframe>'))
    await expect(expectNoAxeViolations(page)).rejects.toThrow('has frames')
  })

  test('a page wider than a phone', async () => {
    const { page } = await browser.open()
    await page.setContent(frame('<p style="width:500px">wide</p>'))
    await expect(expectFitsPhone(page)).rejects.toThrow('wider than a phone')
  })

  test('a sound page passes', async () => {
    const { page } = await browser.open()
    await page.setContent(frame('<p>fine</p>'))
    await expectNoAxeViolations(page)
    await expectFitsPhone(page)
  })

  test('script errors, refused content and requests to other machines are noticed', async () => {
    const { context, page } = await browser.open()
    await context.route('http://elsewhere.example/**', (route) => route.abort())
    const policy = `<meta http-equiv="Content-Security-Policy" content="img-src http://elsewhere.example">`
    await page.setContent(
      frame(`${policy}<img alt="" src="http://elsewhere.example/a.png"><img alt="" src="http://127.0.0.1:9/b.png">
        <script>setTimeout(() => { throw new Error('broken') })</script>`),
    )
    await expect.poll(() => browser.faults.length).toBeGreaterThanOrEqual(3)
    const faults = browser.takeFaults().join('\n')
    expect(faults).toContain('request to http://elsewhere.example/a.png')
    expect(faults).toContain('Content Security Policy')
    expect(faults).toContain('script error: Error: broken')
  })
})
