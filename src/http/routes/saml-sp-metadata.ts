/** @module `GET /saml/sp/:name/metadata`: what an upstream identity provider needs to know of a SAML connector. */
import { describeSamlSp } from '../../service/connectors/describe-saml-sp.js'
import { route } from '../route.js'

export const samlSpMetadata = route({
  method: 'get',
  path: '/saml/sp/:name/metadata',
  right: 'public',
  summary: 'SAML metadata of this gateway as service provider of one connector',
  answer: { kind: 'xml' },
  handler: async ({ deps, params }) => ({
    kind: 'xml',
    contentType: 'application/samlmetadata+xml',
    fileName: 'gatehouse-sp-metadata.xml',
    body: await describeSamlSp(deps, params['name'] ?? ''),
  }),
})
