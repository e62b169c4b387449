/**
 * @module `gatehouse saml test`: what an application would be told about a person, of a service provider that is
 * stored or of one in a file. Nobody signs in, nothing is stored. Exit status 0 where they may sign in, also after a
 * second factor, 3 where they may not.
 */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { paths, testAssertionAnswer, type TestAssertionAnswer } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { withConnection, type CliSurroundings } from '../cli.js'
import { createClient, findConnection, type ClientOptions } from '../client.js'
import { refusedExitCode } from '../exit.js'
import { printable } from '../printable.js'

interface TestOptions extends ClientOptions {
  readonly app?: string
  readonly file?: string
  readonly json?: true
}

export function addSamlCommands(program: Command, { env, out, setExitCode }: CliSurroundings): void {
  const saml = program.command('saml').description('the SAML identity provider')
  withConnection(saml.command('test').description('show what an application would be told about a person'))
    .argument('<user>', 'name of the user')
    .option('--app <name>', 'service provider that is stored')
    .option('--file <file>', 'service provider in a YAML file, stored or not')
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      '\nExit status: 0 where they may sign in, also after a second factor; 3 where they may not.',
    )
    .action(async (user: string, options: TestOptions) => {
      const subject = await subjectOf(options)
      const client = createClient(await findConnection(options, env))
      const answer = testAssertionAnswer.parse(await client.post(paths.testAssertion, { user, ...subject }))
      if (options.json) out(JSON.stringify(answer))
      else for (const line of describe(answer)) out(printable(line, { multiline: true }))
      setExitCode(answer.effect === 'deny' ? refusedExitCode : 0)
    })
}

async function subjectOf({
  app,
  file,
}: TestOptions): Promise<{ serviceProvider: string } | { document: string; source: string }> {
  if (app !== undefined && file === undefined) return { serviceProvider: app }
  if (app !== undefined || file === undefined) {
    throw new GatewayError('INVALID_INPUT', 'give either --app NAME or --file FILE')
  }
  try {
    return { document: await readFile(file, 'utf8'), source: file.slice(-200) }
  } catch (cause) {
    throw new GatewayError(
      'INVALID_INPUT',
      `cannot read ${file}; is it there, and may you read it?`,
      {},
      { cause },
    )
  }
}

function describe(answer: TestAssertionAnswer): string[] {
  const { nameId, attributes, omitted } = answer
  return [
    answer.says,
    '',
    `entity ID  ${answer.entityId}`,
    `ACS        ${answer.acsUrl}`,
    `NameID     ${nameId.value} (${nameId.format})`,
    ...attributes.map(({ name, values }) => `attribute  ${name} = ${values.join(' | ')}`),
    ...omitted.map(({ name, says }) => `left out   ${name}: ${says}`),
    ...(answer.xml === '' ? [] : ['', answer.xml.trimEnd()]),
  ]
}
