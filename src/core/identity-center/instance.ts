/**
 * @module Where an instance of Identity Center is: its ARN and its Region, checked as text.
 */
import { suggest } from '../nearest.js'

/** AWS partitions with IAM Identity Center (T17). */
export type AwsPartition = 'aws' | 'aws-us-gov' | 'aws-cn'

/** Identity Center API reference, type InstanceArn. */
const instancePattern = /^arn:(aws|aws-us-gov|aws-cn):sso:::instance\/(?:sso)?ins-[a-zA-Z0-9.-]{16}$/

/** The partition of an instance; undefined for what is no ARN of one. */
export function partitionOfInstance(arn: string): AwsPartition | undefined {
  const partition = instancePattern.exec(arn)?.[1]
  return partition === 'aws' || partition === 'aws-us-gov' || partition === 'aws-cn' ? partition : undefined
}

export function partitionOfRegion(region: string): AwsPartition {
  if (region.startsWith('us-gov-')) return 'aws-us-gov'
  return region.startsWith('cn-') ? 'aws-cn' : 'aws'
}

/** New Regions come every year, so any name of this form is taken; the list is for "did you mean" alone. */
const regionPattern =
  /^(?:af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-[1-9]$/
const someRegions = [
  'af-south-1',
  'ap-east-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ca-central-1',
  'ca-west-1',
  'cn-north-1',
  'cn-northwest-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-gov-east-1',
  'us-gov-west-1',
  'us-west-1',
  'us-west-2',
]

/** Why this is no AWS Region, if it is none. */
export function findRegionProblem(region: string): string | undefined {
  if (regionPattern.test(region)) return undefined
  const shown = region.slice(0, 40)
  return `unknown AWS region: "${shown}"${suggest(shown, someRegions)}`
}
