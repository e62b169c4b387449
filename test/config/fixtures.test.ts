import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/config.js'
import { GatewayError } from '../../src/core/error.js'

const fixtures = new URL('../../fixtures/config/', import.meta.url)
const configFile = '/etc/gatehouse/gatehouse.yaml'

const read = (name: string): string => readFileSync(new URL(name, fixtures), 'utf8')
const stories = (folder: string): string[] =>
  readdirSync(new URL(folder, fixtures))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}/${name.replace(/\.yaml$/, '')}`)

function load(story: string, env: Record<string, string> = {}): ReturnType<typeof loadConfig> {
  const readFile = (file: string): string => {
    if (file !== configFile) throw new Error(`no such file: ${file}`)
    return read(`${story}.yaml`)
  }
  return loadConfig({ env, readFile, cwd: '/srv', configFile })
}

describe('fixtures/config', () => {
  test.each(stories('valid'))('%s gives exactly the expected configuration', (story) => {
    const expected = JSON.parse(read(`${story}.expected.json`))
    const { config, secrets } = load(story, expected.env)
    expect(config).toEqual(expected.config)
    expect(secrets.databaseUrl?.reveal()).toBe(expected.databaseUrl)
    expect(secrets.masterKey?.reveal()).toBe(expected.env?.GATEHOUSE_MASTER_KEY)
  })

  test.each(stories('invalid'))('%s is refused with all its problems at once', (story) => {
    const expected = JSON.parse(read(`${story}.expected.json`))
    expect(read(`${story}.yaml`), 'names its fault in a comment').toMatch(/^# /)
    const refused = problemsOf(() => load(story, expected.env))
    expect(refused.problems).toEqual(expected.problems)
    for (const { where, message } of expected.problems)
      expect(refused.message).toContain(`- ${where}: ${message}`)
  })
})

function problemsOf(act: () => unknown): { problems: unknown; message: string } {
  try {
    act()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    expect(error.code).toBe('INVALID_CONFIG')
    return { problems: error.details['problems'], message: error.message }
  }
  throw new Error('the configuration was accepted')
}
