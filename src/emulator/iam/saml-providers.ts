/**
 * @module The SAML provider that Identity Center keeps in an account: its metadata says who the account's roles trust.
 */
import type { Instance } from '../state/instance.js'
import type { SamlProvider } from '../state/iam.js'
import { stableHex } from '../state/stable-id.js'

/** A certificate of the right form; nothing was ever signed by its key, which nobody has. */
const certificate = [
  'MIIDKTCCAhGgAwIBAgIUTKMxiaNNOp1l2xw6xHVBUJY8hvQwDQYJKoZIhvcNAQEL',
  'BQAwIzEhMB8GA1UEAwwYZW11bGF0ZWQgSWRlbnRpdHkgQ2VudGVyMCAXDTI2MTEy',
  'MjE3MjQzOVoYDzIxMjYxMDI5MTcyNDM5WjAjMSEwHwYDVQQDDBhlbXVsYXRlZCBJ',
  'ZGVudGl0eSBDZW50ZXIwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCh',
  '+q0KE2vxEjgRBGjnkjH8I+AWZH6B7/NsRw+HUgciQD7/WY9ZxDn3ei99FMqjdQGV',
  'swWk9Fo7Gu6PR31EPm4oveGHL2mxblzDtPIq4o1YFtn4Se7lydQJnU+hkDJQlnH0',
  'Npa0y254qljRXlIwvpFtT0d3J9IPVZWoQCWIqs5WgrHxV7tyl9xLMQ5w4sxtGjc2',
  'EZyWGWkwjs3VIdA0mhIUZY/QRv9vhh5EmwFpUoTCI+z0lzlSOh1PRRJF/gHkYvuo',
  'Aee/uWJoB79uLoBgn+2UwUi1H1NQNZE0E8cl8KfyW2gOzJcLagl6Z/BLJxRmMA63',
  'TDa8UQlnVUSDnhwwzlrZAgMBAAGjUzBRMB0GA1UdDgQWBBQ8F2zZiXPD/W/pjhZ2',
  'Tu910FX/6DAfBgNVHSMEGDAWgBQ8F2zZiXPD/W/pjhZ2Tu910FX/6DAPBgNVHRMB',
  'Af8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQAWD5D/lFYlm9ezFQHIuhrBGSfC',
  'VYA9BhR3XnmbWbqz1M8ojnQT9ROixDaLBxqHWWe/g9XIvepzAx/oUEXTTYAW5eXL',
  'XDVuuKWAKDI311PeXg1Q/Wa2UViXsb+gLIsmRKk9Im9e2bUbvje5uBnIhgu61Wxo',
  'E8i3ipsIyBVLeGhVzUv1cSSKDEOevWlNQTeM5Hedq/WG+U2s2bPkhUzrYVZWXYVS',
  'P/naXHCfNG7bbdxi+kv1FIQeBi6qhG5Xfwy6dEaTGVc5SRRjkxEk/wtuayDWXTbl',
  'N6R54VfeZ1qdkjipQ+/SL9vxEE2ADYJrpT8WNppBiU1XClQRl2NJlNgDA1ZR',
].join('')

const century = 100 * 365 * 86_400_000

/** Milliseconds since the epoch at which IAM stops taking the metadata; far away, as at AWS. */
export function validUntil({ createdAt }: SamlProvider): number {
  return createdAt + century
}

/** The metadata of Identity Center as the identity provider of one account. */
export function metadataOf(provider: SamlProvider, { region, identityStoreId }: Instance): string {
  const id = Buffer.from(stableHex(32, identityStoreId, provider.accountId)).toString('base64url')
  const base = `https://portal.sso.${region}.amazonaws.com/saml`
  const service = (name: string, binding: string): string =>
    `<md:${name} Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" ` +
    `Location="${base}/${name === 'SingleLogoutService' ? 'logout' : 'assertion'}/${id}"/>`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${base}/assertion/${id}">`,
    '<md:IDPSSODescriptor WantAuthnRequestsSigned="false" ',
    'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">',
    '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>',
    `<ds:X509Certificate>${certificate}</ds:X509Certificate>`,
    '</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>',
    service('SingleLogoutService', 'HTTP-POST'),
    service('SingleLogoutService', 'HTTP-Redirect'),
    '<md:NameIDFormat/>',
    service('SingleSignOnService', 'HTTP-POST'),
    service('SingleSignOnService', 'HTTP-Redirect'),
    '</md:IDPSSODescriptor></md:EntityDescriptor>',
  ].join('')
}
