/**
 * Plays one wire fixture against an emulator: directives, request, and the answer compared with the one expected.
 */
import type { AwsWorld } from '../aws-world.js'
import { compareJson, compareXml } from './compare.js'
import { headerOf, type Directive, type Fixture, type Message } from './fixture.js'
import { adminKey } from './names.js'
import { fill, matches, type Bindings } from './placeholders.js'

/** In the place of a header's value: the answer has no such header. */
const absent = '{{absent}}'

/** What differs between the answer and the fixture; nothing where they agree. */
export async function play(world: AwsWorld, fixture: Fixture, bindings: Bindings): Promise<string[]> {
  for (const directive of fixture.directives) await obey(world, directive, bindings)
  const { request, answer } = fixture
  const [method = '', target = ''] = request.start.split(' ')
  const isForm = headerOf(request, 'Content-Type')?.startsWith('application/x-www-form-urlencoded') ?? false
  const body = fill(request.body, bindings, isForm ? encodeURIComponent : undefined)
  const response = await fetch(world.url + fill(target, bindings, encodeURIComponent), {
    method,
    headers: headersOf(request, bindings, world.clock.now()),
    ...(body !== '' && { body }),
  })
  const text = await response.text()
  const problems = [...compareHead(answer, response, bindings), ...compareBody(answer, text, bindings)]
  return problems.length === 0 ? [] : [...problems, `the answer was ${response.status} ${text}`]
}

async function obey(world: AwsWorld, { verb, text }: Directive, bindings: Bindings): Promise<void> {
  if (verb === 'clock') {
    const seconds = /^\+(\d+)s$/.exec(text)?.[1]
    if (seconds === undefined) throw new Error(`@clock takes "+<seconds>s", not ${text}`)
    await world.advance(Number(seconds) * 1000)
    return
  }
  const [, method = '', path = '', body] = /^(\S+) (\S+)(?: (.+))?$/.exec(text) ?? []
  await world.control(method, path, body === undefined ? undefined : JSON.parse(fill(body, bindings)))
}

/** `Authorization: SigV4 <signing name> [<Region> [<access key>]]` becomes a header of the right form. */
function headersOf(request: Message, bindings: Bindings, now: number): Record<string, string> {
  const headers = Object.fromEntries(
    request.headers.map(([name, value]) => [name, fill(value, bindings)] as const),
  )
  const scope = /^SigV4 (\S+)(?: (\S+))?(?: (\S+))?$/.exec(headers['Authorization'] ?? '')
  if (scope === null) return headers
  const [, signingName = '', region, key = adminKey] = scope
  const place = region ?? (['sso', 'identitystore'].includes(signingName) ? 'eu-central-1' : 'us-east-1')
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
  return {
    ...headers,
    'X-Amz-Date': time,
    Authorization:
      `AWS4-HMAC-SHA256 Credential=${key}/${time.slice(0, 8)}/${place}/${signingName}/aws4_request, ` +
      `SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`,
  }
}

function compareHead(answer: Message, response: Response, bindings: Bindings): string[] {
  const status = Number(answer.start.split(' ')[1])
  const problems = status === response.status ? [] : [`status: expected ${status}, got ${response.status}`]
  for (const [name, wanted] of answer.headers) {
    const found = response.headers.get(name)
    const isEqual = wanted === absent ? found === null : found !== null && matches(wanted, found, bindings)
    if (!isEqual) problems.push(`header ${name}: expected ${wanted}, got ${found ?? 'none'}`)
  }
  return problems
}

function compareBody(answer: Message, text: string, bindings: Bindings): string[] {
  if (answer.body === '') return text === '' ? [] : ['body: expected none']
  try {
    return answer.body.startsWith('<')
      ? compareXml(answer.body, text, bindings)
      : compareJson(JSON.parse(answer.body), JSON.parse(text), bindings)
  } catch (error) {
    return [`body: ${error instanceof Error ? error.message : 'unreadable'}`]
  }
}
