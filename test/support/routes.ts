/** @module The table of routes as the gateway makes it, for tests that go through all of them. */
import { createRoutes } from '../../src/http/routes/index.js'
import type { Route } from '../../src/http/route.js'
import { testKinds } from './kinds.js'

export function testRoutes(): readonly Route[] {
  return createRoutes(testKinds())
}
