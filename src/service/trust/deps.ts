/** @module What the use cases of the trust with AWS need: the parsed resources, and the issuer's public keys. */
import type { Issuer } from '../../keys/issuer.js'
import type { ServiceContext } from '../context.js'
import type { Catalog } from '../resources/catalog.js'

export interface TrustDeps extends ServiceContext {
  readonly catalog: Catalog
  /** Its keys only: no use case that HTTP reaches can make a token. */
  readonly issuer: Pick<Issuer, 'jwks'>
}
