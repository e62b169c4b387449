/**
 * @module What the set-up texts are written from. Everything in them was checked here against what AWS allows in its
 * place, so that no text can hold a quote, a line break or an expansion of the shell.
 */
import { GatewayError } from '../error.js'
import { findIssuerProblem } from '../identity-center/integration.js'

export type SetupBlock = 'management_account' | 'ous_and_tags' | 'delegated_administrator'

/** AWS partitions with IAM Identity Center (T17). */
export type Partition = 'aws' | 'aws-us-gov' | 'aws-cn'

export interface SetupOrder {
  readonly integration: string
  /** Of the tokens; may be one that AWS will not take (`http`, a port), which the texts then carry all the same. */
  readonly issuer: string
  readonly audience: string
  readonly subject: string
  readonly instanceArn: string
  readonly region: string
  readonly roleName: string
  readonly blocks: readonly SetupBlock[]
}

export interface CheckedOrder extends SetupOrder {
  readonly partition: Partition
  /** `ssoins-...`, the last part of the instance's ARN. */
  readonly instanceId: string
  /** The issuer without its scheme: how IAM names the provider and the claims. */
  readonly providerName: string
}

const instancePattern = /^arn:(aws|aws-us-gov|aws-cn):sso:::instance\/((?:sso)?ins-[a-zA-Z0-9-.]{16})$/

/** Regions by their partition; every other name is of the commercial one. */
function partitionOfRegion(region: string): Partition {
  if (region.startsWith('us-gov-')) return 'aws-us-gov'
  return region.startsWith('cn-') ? 'aws-cn' : 'aws'
}

/** @throws GatewayError `INVALID_INPUT` with every field that AWS would not take. */
export function checkSetupOrder(order: SetupOrder): CheckedOrder {
  const fields: { path: string; message: string }[] = []
  const check = (path: string, holds: boolean, message: string): void => {
    if (!holds) fields.push({ path: `body.${path}`, message })
  }
  const [, partition, instanceId] = instancePattern.exec(order.instanceArn) ?? []
  check(
    'instanceArn',
    instanceId !== undefined,
    'is not the ARN of an instance; write for example arn:aws:sso:::instance/ssoins-1234567890abcdef',
  )
  check(
    'region',
    /^[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d$/.test(order.region),
    'is not a Region; write for example eu-central-1',
  )
  if (partition !== undefined && partitionOfRegion(order.region) !== partition) {
    check('region', false, `is not in the partition ${partition} of the instance`)
  }
  check(
    'roleName',
    /^[\w+=,.@-]{1,64}$/.test(order.roleName),
    'must have 1 to 64 of letters, digits and +=,.@_-',
  )
  check(
    'integration',
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(order.integration),
    'must have at most 60 letters, digits, dots, dashes and underscores',
  )
  check(
    'audience',
    /^[A-Za-z0-9][\w+=,.@:/-]{0,254}$/.test(order.audience),
    'is not an audience that AWS takes',
  )
  check('subject', /^[\w%:.~-]{6,255}$/.test(order.subject), 'has to be 6 to 255 characters long')
  // What stands in configuration may be http or have a port, which is warned of; it is plain text all the same.
  check('issuer', isPlainUrl(order.issuer), findIssuerProblem(order.issuer) ?? 'is no URL')
  if (fields.length > 0) {
    const first = fields.map(({ path, message }) => `${path.slice(5)} ${message}`).join('; ')
    throw new GatewayError('INVALID_INPUT', `the set-up cannot be written: ${first}`, { fields })
  }
  return {
    ...order,
    blocks: [...new Set(order.blocks)].sort(),
    // Of the pattern above, which names exactly these.
    partition: partitionOf(partition),
    instanceId: instanceId ?? '',
    providerName: order.issuer.replace(/^https?:\/\//, ''),
  }
}

function partitionOf(text: string | undefined): Partition {
  return text === 'aws-us-gov' || text === 'aws-cn' ? text : 'aws'
}

function isPlainUrl(text: string): boolean {
  return text.length <= 255 && /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._~-]+)*$/.test(text)
}
