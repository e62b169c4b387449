/**
 * What docs/emulator.md tells to type does what it says.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OrganisationSchema } from '../../src/emulator/state/organisation-file.js'
import { AwsWorld } from './aws-world.js'

const run = promisify(execFile)
const document = readFileSync(new URL('../../docs/emulator.md', import.meta.url), 'utf8')

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
afterAll(() => world[Symbol.asyncDispose]())

/** Runs every block of shell below a heading against our emulator; the answers, one a line. */
async function runSection(heading: string): Promise<readonly string[]> {
  const [, section = ''] = document.split(`\n## ${heading}\n`)
  const [own = ''] = section.split('\n## ')
  const blocks = [...own.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => `${block}\necho\n`)
  expect(blocks.length).toBeGreaterThan(0)
  const script = blocks.join('').replaceAll('127.0.0.1:4599', new URL(world.url).host)
  const { stdout } = await run('bash', ['-euc', script], {
    env: { PATH: process.env['PATH'], NO_PROXY: '*' },
  })
  return stdout.split('\n').filter((line) => line !== '')
}

describe('docs/emulator.md', () => {
  test('SCIM by hand lists people', async () => {
    const [answer = ''] = await runSection('SCIM by hand')
    expect(JSON.parse(answer)).toMatchObject({ itemsPerPage: 2, Resources: { length: 2 } })
  })

  test('faults are planned as shown', async () => {
    const answers = await runSection('Faults')
    expect(answers.map((answer) => JSON.parse(answer) as unknown)).toEqual([
      { id: expect.any(String) as string },
      { id: expect.any(String) as string },
    ])
    await world.control('POST', 'reset')
  })

  test('the clock moves as shown', async () => {
    expect(await runSection('On a virtual clock')).toEqual(['{"now":"2026-11-22T12:01:00.000Z"}'])
  })

  test('names what is set about sign-ins, with its default', () => {
    const { clockSkewSeconds, requireSignatures } = OrganisationSchema.shape.saml.parse({})
    expect(document).toContain(`\n| \`clockSkewSeconds\` | \`${clockSkewSeconds}\` | `)
    expect(document).toContain(`\n| \`requireSignatures\` | \`${requireSignatures}\` | `)
  })
})
