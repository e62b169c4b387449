/**
 * @module The way in to the adapter of AWS: one Identity Center instance with its credentials. Only this room knows the
 * SDK; the composition root calls this, everybody else names the interface of `identity-center.ts`.
 */
import { assignmentWriter } from './assignment-writer.js'
import { permissionChecker } from './check-permissions.js'
import { openConnection, type ConnectionOptions } from './connection.js'
import type { IdentityCenter } from './identity-center.js'
import { identityCenterReader } from './reader.js'

/** Nothing is sent before the first call. */
export function connectIdentityCenter(options: ConnectionOptions): IdentityCenter {
  const connection = openConnection(options)
  const read = identityCenterReader(connection)
  return {
    read,
    assignments: assignmentWriter(connection, read),
    permissions: permissionChecker(connection, read),
    credentialsExpireAt: () => connection.credentialsExpireAt(),
    async [Symbol.asyncDispose]() {
      connection.close()
    },
  }
}
