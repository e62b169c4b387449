/**
 * @module CreatePermissionSet: a permission set that no account has yet. Tags are kept; no operation reads them here.
 */
import { defineOperation, type Call } from '../aws/operation.js'
import { list, optional, required, string, structure } from '../aws/shape.js'
import type { PermissionSet } from '../state/permission-set.js'
import { conflict, invalid, quotaExceeded } from './errors.js'
import { enterInstance } from './find.js'
import { describePermissionSetRow, requireSessionDuration } from './permission-set-output.js'
import { description, instanceArn, relayState, sessionDuration } from './shapes.js'

/** Permission sets of one instance (AWS's default quota). */
const setsPerInstance = 3500
const defaultSessionDuration = 'PT1H'
const tagText = /([\p{L}\p{Z}\p{N}_.:/=+\-@]*)/u

export const createPermissionSet = defineOperation({
  name: 'CreatePermissionSet',
  access: 'write',
  action: 'sso:CreatePermissionSet',
  input: structure({
    Name: required(string({ min: 1, max: 32, pattern: /[\w+=,.@-]+/ })),
    Description: optional(description),
    InstanceArn: required(instanceArn),
    SessionDuration: optional(sessionDuration),
    RelayState: optional(relayState),
    Tags: optional(
      list(
        structure({
          Key: required(string({ min: 1, max: 128, pattern: tagText })),
          Value: required(string({ min: 0, max: 256, pattern: tagText })),
        }),
        { min: 0, max: 75 },
      ),
    ),
  }),
  resources: (input) => [input.InstanceArn],
  handle(input, call) {
    enterInstance(call, input.InstanceArn)
    if (input.SessionDuration !== undefined) requireSessionDuration(input.SessionDuration)
    const tags = readTags(input.Tags ?? [])
    const { context } = call
    const { permissionSets } = context.state.tables
    if (permissionSets.by('name', input.Name).size > 0) {
      throw conflict(`A permission set with the name ${input.Name} exists already`)
    }
    if (permissionSets.size >= setsPerInstance) {
      throw quotaExceeded(`The instance has ${setsPerInstance} permission sets already`)
    }
    const set: PermissionSet = {
      arn: newArn(call),
      name: input.Name,
      ...(input.Description !== undefined && { description: input.Description }),
      sessionDuration: input.SessionDuration ?? defaultSessionDuration,
      ...(input.RelayState !== undefined && { relayState: input.RelayState }),
      createdAt: call.now,
      version: 1,
      tags,
    }
    context.commit({ table: 'permissionSets', put: set })
    return { PermissionSet: describePermissionSetRow(set) }
  },
})

function newArn({ context }: Call): string {
  const instanceId = context.state.instance.instanceArn.split('/')[1] ?? ''
  return `arn:aws:sso:::permissionSet/${instanceId}/ps-${context.random.bytes(8).toString('hex')}`
}

function readTags(tags: readonly { readonly Key: string; readonly Value: string }[]): Record<string, string> {
  const read = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
  if (Object.keys(read).length < tags.length) throw invalid('A tag key is given twice')
  return read
}
