/** @module No single change of the audit chain goes unnoticed while a signed head tells where it ended. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  chainStart,
  genesisHash,
  linkInput,
  verifyChain,
  type ChainLink,
} from '../../../src/core/audit/chain.js'

const hash = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

function chain(jsons: readonly string[]): ChainLink[] {
  let previous = genesisHash
  return jsons.map((json, index) => {
    previous = hash(linkInput(previous, json))
    return { sequence: index + 1, hash: previous, json }
  })
}

/** Whole, and ending where it is known to have ended. */
function holds(links: readonly ChainLink[], last: ChainLink): boolean {
  const outcome = verifyChain(links, { ...chainStart, hash })
  return outcome.ok && outcome.last.sequence === last.sequence && outcome.last.hash === last.hash
}

const jsons = fc.uniqueArray(
  fc.dictionary(fc.string(), fc.string()).map((value) => JSON.stringify(value)),
  { minLength: 2, maxLength: 12 },
)
const renumbered = (links: readonly ChainLink[], yes: boolean) =>
  yes ? links.map((link, index) => ({ ...link, sequence: index + 1 })) : [...links]

type Change = (links: ChainLink[], i: number, j: number, text: string) => ChainLink[]
const changes: Record<string, Change> = {
  'edit of the text': (links, i, _, text) =>
    links.map((link, index) => (index === i ? { ...link, json: link.json + text } : link)),
  'edit of the hash': (links, i, _, text) =>
    links.map((link, index) => (index === i ? { ...link, hash: hash(link.hash + text) } : link)),
  'edit of text and hash alike': (links, i, _, text) =>
    links.map((link, index) => {
      if (index !== i) return link
      const json = link.json + text
      return { ...link, json, hash: hash(linkInput(links[index - 1]?.hash ?? genesisHash, json)) }
    }),
  removal: (links, i) => links.filter((_, index) => index !== i),
  swap: (links, i, j) =>
    links.map((link, index) => (index === i ? links[j] : index === j ? links[i] : undefined) ?? link),
  insertion: (links, i, j) => [...links.slice(0, i), ...links.slice(j, j + 1), ...links.slice(i)],
  'insertion of a well-formed event': (links, i, _, text) => {
    const linked = hash(linkInput(links[i - 1]?.hash ?? genesisHash, text))
    return [...links.slice(0, i), { sequence: i + 1, hash: linked, json: text }, ...links.slice(i)]
  },
}

test.each(Object.entries(changes))('any %s is found, renumbered or not', (_, change) => {
  fc.assert(
    fc.property(
      jsons,
      fc.nat(),
      fc.nat(),
      fc.string({ minLength: 1 }),
      fc.boolean(),
      (texts, a, b, text, renumber) => {
        const links = chain(texts)
        const last = links.at(-1)
        if (last === undefined) throw new Error('no events')
        expect(holds(links, last)).toBe(true)
        const i = a % links.length
        const j = (i + 1 + (b % (links.length - 1))) % links.length
        expect(holds(renumbered(change(links, i, j, text), renumber), last)).toBe(false)
      },
    ),
  )
})

test('a chain verifies page by page as it does at once', () => {
  fc.assert(
    fc.property(jsons, fc.nat(), (texts, cut) => {
      const links = chain(texts)
      const at = cut % links.length
      const first = verifyChain(links.slice(0, at), { ...chainStart, hash })
      if (!first.ok) throw new Error('broken')
      const { sequence: afterSequence, hash: startHash } = first.last
      expect(verifyChain(links.slice(at), { afterSequence, startHash, hash })).toEqual(
        verifyChain(links, { ...chainStart, hash }),
      )
    }),
  )
})
