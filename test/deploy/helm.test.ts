/**
 * The chart for Kubernetes, without Helm: its values against its schema, and its templates after a substitution that knows
 * only the few forms they use (a value, `quote`, `toJson`, one `if` around a file, one `range`) and fails on any other. That
 * Helm reads them alike is not shown here.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../src/config/config.js'
import { variableNames } from '../../src/config/env.js'

const chart = fileURLToPath(new URL('../../deploy/helm/gatehouse/', import.meta.url))
const read = (file: string): string => readFileSync(chart + file, 'utf8')
/** What YAML holds; the assertions are the checks of its form. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Tree = Record<string, any>

const defaults = parse(read('values.yaml')) as Tree
const given: Tree = {
  ...defaults,
  image: { ...(defaults.image as Tree), repository: 'registry.example.com/gatehouse' },
  publicUrl: 'https://id.example.com',
  trustedProxies: ['10.0.0.0/8', '192.168.0.1'],
  existingSecret: 'gatehouse',
  env: { GATEHOUSE_LOG_LEVEL: 'warn', AWS_REGION: 'eu-central-1' },
  ingress: { ...(defaults.ingress as Tree), enabled: true, className: 'nginx', host: 'id.example.com' },
  serviceMonitor: { enabled: true, tokenSecret: 'prometheus', tokenKey: 'token' },
}
const about: Tree = { Release: { Name: 'gate', Namespace: 'sso' }, Chart: parse(read('Chart.yaml')) as Tree }
about.Chart.AppVersion = about.Chart.appVersion

function valueOf(path: string, values: Tree): unknown {
  const found = path
    .slice(1)
    .split('.')
    .reduce<unknown>((tree, name) => (tree as Tree | undefined)?.[name], { ...about, Values: values })
  if (found === undefined) throw new Error(`no such value: ${path}`)
  return found
}

/** Expressions that are more than a value; each as the chart writes it. */
const special: Readonly<Record<string, (values: Tree) => string>> = {
  'join "," .Values.trustedProxies | quote': (values) => JSON.stringify(values.trustedProxies.join(',')),
  'printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) | quote': ({
    image,
  }) => JSON.stringify(`${image.repository}:${image.tag === '' ? about.Chart.appVersion : image.tag}`),
}

function render(text: string, values: Tree): string {
  const condition = /^\{\{- if (\S+) \}\}\n([\s\S]*)\{\{- end \}\}\n$/.exec(text)
  if (condition) return valueOf(condition[1]!, values) === true ? render(condition[2]!, values) : ''
  return text
    .replace(
      /^ *\{\{- range \$name, \$value := (\S+) \}\}\n([\s\S]*?)^ *\{\{- end \}\}\n/gm,
      (_, path: string, body: string) =>
        Object.entries(valueOf(path, values) as Tree)
          .map(([name, value]) =>
            body
              .replace('{{ $name | quote }}', JSON.stringify(name))
              .replace('{{ $value | quote }}', JSON.stringify(value)),
          )
          .join(''),
    )
    .replace(/\{\{(.*?)\}\}/g, (_, inner: string) => {
      const expression = inner.trim()
      const known = special[expression]
      if (known) return known(values)
      const [, path = '', form] = /^(\.[\w.]+)(?: \| (quote|toJson))?$/.exec(expression) ?? []
      if (path === '') throw new Error(`the substitution does not know {{ ${expression} }}`)
      const value = valueOf(path, values)
      return form === undefined ? String(value) : JSON.stringify(form === 'quote' ? String(value) : value)
    })
}

const names = readdirSync(`${chart}templates`).filter((name) => name.endsWith('.yaml'))
const rendered = (name: string, values = given): Tree[string] =>
  parse(render(read(`templates/${name}`), values))

describe('the values', () => {
  const check = new Ajv({ strict: true, allErrors: true }).compile(
    JSON.parse(read('values.schema.json')) as object,
  )
  const problems = (values: Tree): string[] =>
    check(values) ? [] : (check.errors ?? []).map(({ instancePath }) => instancePath)

  test('as they come lack what only the reader knows, and nothing else', () => {
    expect([...new Set(problems(defaults))].sort()).toEqual([
      '/existingSecret',
      '/image/repository',
      '/publicUrl',
      '/trustedProxies',
    ])
    expect(problems(given)).toEqual([])
  })

  test.each([
    ['plain http', { publicUrl: 'http://id.example.com' }],
    ['a public URL with a path', { publicUrl: 'https://id.example.com/' }],
    ['a misspelt name', { replica: 2 }],
    ['no replicas', { replicas: 0 }],
    ['a master key among the values', { env: { GATEHOUSE_MASTER_KEY: 'x' } }],
    ['a number where the gateway reads a text', { env: { GATEHOUSE_LOG_LEVEL: 1 } }],
  ])('with %s are refused', (_, changes) => {
    expect(problems({ ...given, ...changes })).not.toEqual([])
  })
})

describe('the templates', () => {
  test('each becomes one document of Kubernetes, named after the release', () => {
    const kinds = names.map((name) => {
      const { apiVersion, kind, metadata } = rendered(name)
      return [kind, typeof apiVersion, metadata.name]
    })
    const wanted = ['Deployment', 'Ingress', 'NetworkPolicy', 'PodDisruptionBudget', 'Service']
    expect(kinds.sort()).toEqual(
      [...wanted, 'ServiceAccount', 'ServiceMonitor'].sort().map((kind) => [kind, 'string', 'gate']),
    )
    const labels = rendered('deployment.yaml').spec.template.metadata.labels
    for (const name of ['service.yaml', 'poddisruptionbudget.yaml']) {
      const { selector } = rendered(name).spec
      expect(selector.matchLabels ?? selector).toEqual(labels)
    }
  })

  test('what is switched off is left out', () => {
    const off = { ...given, networkPolicy: { enabled: false }, ingress: { enabled: false } }
    expect(rendered('networkpolicy.yaml', off)).toBeNull()
    expect(rendered('ingress.yaml', off)).toBeNull()
    expect(rendered('servicemonitor.yaml', defaults)).toBeNull()
  })

  test('the pod runs as nobody special, with a root that it cannot write to', () => {
    const pod = rendered('deployment.yaml').spec.template.spec
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001 })
    expect(pod.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(pod.containers[0].image).toBe(`registry.example.com/gatehouse:${about.Chart.appVersion}`)
  })

  test('the gateway takes the settings that the pod is given', () => {
    const { env } = rendered('deployment.yaml').spec.template.spec.containers[0] as {
      env: { name: string; value?: string; valueFrom?: object }[]
    }
    const ours = env.filter(({ name }) => name.startsWith('GATEHOUSE_'))
    expect(ours.filter(({ name }) => !variableNames.includes(name))).toEqual([])
    const database = 'postgres://gatehouse:nW7vT2xq9LrB@postgres/gatehouse'
    const { config } = loadConfig({
      env: Object.fromEntries(ours.map(({ name, value = database }) => [name, value])),
      cwd: '/app',
      readFile: (file) => readFileSync(file, 'utf8'),
    })
    expect(config).toMatchObject({
      publicUrl: 'https://id.example.com',
      trustedProxies: ['10.0.0.0/8', '192.168.0.1'],
      database: { kind: 'postgres' },
      masterKey: { from: 'file', file: '/secrets/master-key' },
      dataDir: '/data/gatehouse',
    })
  })

  test('the notes are words, with nothing left to fill in', () => {
    expect(render(read('templates/NOTES.txt'), given)).toContain(
      'Gatehouse starts at https://id.example.com.',
    )
  })
})

test('the version is that of the program, and of the image', () => {
  const { version } = JSON.parse(readFileSync(`${chart}../../../package.json`, 'utf8')) as { version: string }
  expect([about.Chart.version, about.Chart.appVersion]).toEqual([version, version])
  const compose = readFileSync(`${chart}../../docker/compose.yaml`, 'utf8')
  expect(compose).toContain(`image: gatehouse:${version}`)
})
