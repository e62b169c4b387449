/** Who is taken for whom when a directory pushes a name that is there already. */
import { expect, test } from 'vitest'
import { judgeAdoption } from '../../../src/core/directory/adopt.js'

const byName = { scimExternalIdClaim: undefined }
const byId = { scimExternalIdClaim: 'oid' }

test.each([
  [{ isOurs: true, isPushed: false, isBound: false, connector: byId }, 'adopt'],
  [{ isOurs: true, isPushed: false, isBound: true, connector: byName }, 'adopt'],
  [{ isOurs: true, isPushed: false, isBound: true, connector: undefined }, 'adopt'],
  [{ isOurs: true, isPushed: false, isBound: true, connector: byId }, 'unproven'],
  [{ isOurs: true, isPushed: true, isBound: false, connector: byName }, 'taken'],
  [{ isOurs: false, isPushed: false, isBound: false, connector: byName }, 'taken'],
  [{ isOurs: false, isPushed: false, isBound: true, connector: byId }, 'taken'],
] as const)('%j', (adoption, verdict) => {
  expect(judgeAdoption(adoption)).toBe(verdict)
})
