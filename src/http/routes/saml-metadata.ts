/** @module `GET /saml/idp/metadata`: what a service provider needs to know about this identity provider. */
import { route } from '../route.js'

export const samlMetadata = route({
  method: 'get',
  path: '/saml/idp/metadata',
  right: 'public',
  summary: 'SAML metadata of this identity provider',
  answer: { kind: 'xml' },
  handler: async ({ deps }) => ({
    kind: 'xml',
    contentType: 'application/samlmetadata+xml',
    fileName: 'gatehouse-idp-metadata.xml',
    body: deps.saml.buildIdpMetadata({
      entityId: deps.entityId,
      ssoUrl: deps.ssoUrl,
      certificatesPem: await deps.signingKeys.publishedCertificates(),
    }),
  }),
})
