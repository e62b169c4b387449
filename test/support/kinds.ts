/** All kinds as the composition root makes them, for tests that need no whole gateway. */
import { createSecretKey } from 'node:crypto'
import { createSealer } from '../../src/keys/sealer.js'
import { createKinds } from '../../src/kinds/index.js'
import { systemClock, type Clock } from '../../src/lib/clock.js'
import {
  buildMinimalServiceProviderMetadata,
  parseServiceProviderMetadata,
} from '../../src/saml/sp-metadata.js'
import { buildUpstreamIdp, parseUpstreamMetadata } from '../../src/saml/sp/upstream-metadata.js'
import type { Kinds } from '../../src/service/resources/kind.js'

export function testKinds(options: { clock?: Clock; allowHttpLoopback?: boolean } = {}): Kinds {
  const { clock = systemClock, allowHttpLoopback = false } = options
  const metadata = { parse: parseServiceProviderMetadata, buildMinimal: buildMinimalServiceProviderMetadata }
  const sealer = createSealer(createSecretKey(Buffer.alloc(32, 7)))
  const upstream = { parse: parseUpstreamMetadata, build: buildUpstreamIdp }
  const publicUrl = 'https://gate.example.com'
  return createKinds({ clock, publicUrl, allowHttpLoopback, sealer, metadata, upstream })
}
