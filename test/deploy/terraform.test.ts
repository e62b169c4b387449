/**
 * The module for Terraform says what the gateway's own set-up says. Its texts of policies are written from the core
 * (`npx vitest run -u --config test/vitest.config.ts test/deploy/terraform.test.ts` writes them anew). Where Terraform is
 * installed it renders them and looks at the form; it is not asked to plan, for its AWS provider wants the network.
 */
import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { integrationForm } from '../../src/kinds/integration/form.js'
import type { Partition, SetupBlock } from '../../src/core/aws-setup/order.js'
import { buildPolicy } from '../../src/core/aws-setup/policy.js'
import { ownerTag } from '../../src/core/aws-setup/shell-parts.js'
import { buildTrustPolicy, providerArn } from '../../src/core/aws-setup/trust-policy.js'
import { integrationSubject } from '../../src/core/identity-center/integration.js'
import { checked, setupOrder } from '../core/aws-setup/orders.js'

const module = fileURLToPath(new URL('../../deploy/terraform/', import.meta.url))
const blocks: readonly SetupBlock[] = ['delegated_administrator', 'management_account', 'ous_and_tags']

const policyText = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`
/** What Terraform fills in stands where the gateway would write a value. */
const holes = {
  partition: '${partition}' as Partition,
  instanceArn: '${instance_arn}',
  instanceId: '${instance_id}',
}
const statements = (...asked: SetupBlock[]) => buildPolicy({ ...holes, blocks: asked }).Statement
const base = statements()

describe('the texts of the policies', () => {
  test('are those of the core: what every role has', async () => {
    await expect(policyText(base)).toMatchFileSnapshot(join(module, 'policies/base.json.tftpl'))
  })

  test.each(blocks)('are those of the core: %s', async (block) => {
    const text = policyText(statements(block).slice(base.length))
    await expect(text).toMatchFileSnapshot(join(module, `policies/${block}.json.tftpl`))
  })

  test('are those of the core: who may take the role on', async () => {
    const order = { providerName: '${provider_name}', audience: '${audience}', subject: '${subject}' }
    const text = policyText(buildTrustPolicy(order, '${provider_arn}'))
    await expect(text).toMatchFileSnapshot(join(module, 'policies/trust.json.tftpl'))
  })
})

test('the module names provider, subject and tag as the gateway does', async () => {
  const main = await readFile(join(module, 'main.tf'), 'utf8')
  expect(main).toContain(`tags          = { ${ownerTag} = var.integration }`)
  const order = { partition: '${local.partition}' as Partition, providerName: '${local.provider_name}' }
  expect(main).toContain(`"${providerArn(order, '${data.aws_caller_identity.current.account_id}')}"`)
  const subject = decodeURIComponent(integrationSubject('${var.integration}', '${var.cluster_name}'))
  expect(main).toContain(`subject       = "${subject}"`)
})

test('its output is a document that Gatehouse takes', async () => {
  const text =
    /<<-YAML\n([\s\S]*?)\n {2}YAML/.exec(await readFile(join(module, 'outputs.tf'), 'utf8'))?.[1] ?? ''
  const filled = text
    .replace('${var.integration}', 'aws')
    .replace('${aws_iam_role.gatehouse.arn}', 'arn:aws:iam::123456789012:role/GatehouseIdentityCenter')
    .replace('${var.audience}', 'sts.amazonaws.com')
    .replace('${var.issuer}', 'https://id.example.com')
  expect(integrationForm.safeParse(parse(filled))).toMatchObject({ success: true })
  expect(filled).not.toContain('${')
})

const terraform = (args: readonly string[], cwd: string, input = '') =>
  spawnSync('terraform', args, {
    cwd,
    input,
    encoding: 'utf8',
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
  })
const hasTerraform = terraform(['version'], tmpdir()).status === 0

describe.skipIf(!hasTerraform)('with Terraform', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-terraform-'))
    await cp(join(module, 'policies'), join(folder, 'policies'), { recursive: true })
    await cp(join(module, 'variables.tf'), join(folder, 'variables.tf'))
    // What the module computes, without the lines that ask AWS: for those it would need its provider.
    const locals =
      /^locals \{\n[\s\S]*?^\}\n/m.exec(await readFile(join(module, 'main.tf'), 'utf8'))?.[0] ?? ''
    await writeFile(join(folder, 'main.tf'), locals.replaceAll(/^.*(?:data\.aws|aws_iam)_.*\n/gm, ''))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  const given = {
    issuer: setupOrder.issuer,
    instance_arn: setupOrder.instanceArn,
    cluster_name: 'gate.example.com',
  }
  const ask = (args: readonly string[], values: object, input?: string) => {
    const flags = Object.entries(values).flatMap(([name, value]) => ['-var', `${name}=${String(value)}`])
    return terraform([...args, '-no-color', ...flags], folder, input)
  }

  test('the module has Terraform’s own form', () => {
    const { status, stdout, stderr } = terraform(['fmt', '-check', '-diff', '-recursive', '.'], module)
    expect({ status, stdout, stderr }).toMatchObject({ status: 0, stdout: '' })
  })

  test('what it renders is the policy and the trust that the gateway would write', () => {
    const order = checked({ blocks })
    const arn = providerArn(order, '123456789012')
    const values = `provider_arn = "${arn}", provider_name = local.provider_name, audience = var.audience, subject = local.subject`
    const trust = `jsondecode(templatefile("policies/trust.json.tftpl", { ${values} }))`
    const { stdout } = ask(
      ['console'],
      { ...given, blocks: JSON.stringify(blocks) },
      `jsonencode({ policy = concat(local.base, flatten(local.asked)), trust = ${trust} })\n`,
    )
    // The console prints a text as a literal of its own, which for JSON is one of JSON too.
    expect(JSON.parse(JSON.parse(stdout) as string)).toEqual({
      policy: buildPolicy(order).Statement,
      trust: buildTrustPolicy(order, arn),
    })
  })

  test.each([
    ['issuer', 'http://id.example.com', 'without a port'],
    ['instance_arn', 'ssoins-1', 'not the ARN of an instance'],
    ['blocks', '["everything"]', 'The blocks are'],
    ['audience', 'a"b', 'Write 1 to 255'],
  ])('it refuses what AWS or the gateway would: %s', (name, value, says) => {
    const { status, stderr } = ask(['plan', '-input=false', '-lock=false'], { ...given, [name]: value })
    expect(status).not.toBe(0)
    expect(stderr.replaceAll(/[│\s]+/g, ' ')).toContain(says)
  })
})
