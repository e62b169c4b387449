import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readToEnd } from '../../src/lib/pages.js'

const fail = (what: string): Error => new Error(what)

test('however rows are cut into pages, short and empty ones too, all of them come in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer(), { maxLength: 5 }), { minLength: 1, maxLength: 60 }),
      async (pages) => {
        const rows = await readToEnd(fail, (token) => {
          const at = Number(token ?? 0)
          const nextToken = at + 1 < pages.length ? String(at + 1) : undefined
          return Promise.resolve({ rows: pages[at] ?? [], nextToken })
        })
        expect(rows).toEqual(pages.flat())
      },
    ),
  )
})

test('tokens that come to a circle are an error, wherever it begins, after few more pages', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 40 }), async (lead, length) => {
      let asked = 0
      const endless = readToEnd(fail, (token) => {
        asked += 1
        const at = Number(token ?? -1) + 1
        return Promise.resolve({ rows: [], nextToken: String(at < lead + length ? at : lead) })
      })
      await expect(endless).rejects.toThrow('came before')
      expect(asked).toBeLessThanOrEqual(4 * (lead + length) + 4)
    }),
  )
})

test('tokens that never end are an error', async () => {
  let at = 0
  const endless = readToEnd(fail, () => Promise.resolve({ rows: [], nextToken: String((at += 1)) }))
  await expect(endless).rejects.toThrow('pages')
})
