import { describe, expect, test } from 'vitest'
import {
  findRegionProblem,
  partitionOfInstance,
  partitionOfRegion,
} from '../../../src/core/identity-center/instance.js'

describe('an instance, in each partition (T17)', () => {
  test.each([
    ['arn:aws:sso:::instance/ssoins-1234567890abcdef', 'aws'],
    ['arn:aws-us-gov:sso:::instance/ins-1234567890abcdef', 'aws-us-gov'],
    ['arn:aws-cn:sso:::instance/ssoins-1234567890abcdef', 'aws-cn'],
    ['arn:aws-iso:sso:::instance/ssoins-1234567890abcdef', undefined],
    ['arn:aws:sso:::instance/ssoins-1234', undefined],
    ['arn:aws:sso::123456789012:instance/ssoins-1234567890abcdef', undefined],
    ['d-1234567890', undefined],
  ])('%s is of the partition %s', (arn, partition) => {
    expect(partitionOfInstance(arn)).toBe(partition)
  })

  test.each([
    ['eu-central-1', 'aws'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-northwest-1', 'aws-cn'],
  ])('the Region %s is of the partition %s', (region, partition) => {
    expect(partitionOfRegion(region)).toBe(partition)
    expect(findRegionProblem(region)).toBeUndefined()
  })

  test('a Region that is new is taken, for new ones come every year', () => {
    expect(findRegionProblem('mx-central-1')).toBeUndefined()
    expect(findRegionProblem('ap-southeast-9')).toBeUndefined()
  })

  test.each([
    ['eu-centrl-1', 'unknown AWS region: "eu-centrl-1" (did you mean eu-central-1?)'],
    ['Frankfurt', 'unknown AWS region: "Frankfurt"'],
    ['', 'unknown AWS region: ""'],
  ])('%j is none', (region, problem) => {
    expect(findRegionProblem(region)).toBe(problem)
  })
})
