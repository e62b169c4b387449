/** @module The identity providers behind connectors, and how far from here they may be. */
import { createGithubUpstream } from '../authn/github.js'
import { createOidcUpstream } from '../authn/oidc.js'
import { isLoopbackUrl } from '../core/webhook/webhook.js'
import type { HttpDeps } from '../http/deps.js'
import { createGuardedFetch } from '../lib/guarded-fetch.js'
import type { Random } from '../lib/random.js'

/** Upstreams of connectors may be on this machine itself where people reach the gateway there, as in a trial. */
export function connectUpstreams(publicUrl: string, random: Random): HttpDeps['upstreams'] {
  const allowLoopback = isLoopbackUrl(new URL(publicUrl))
  const fetches = {
    public: createGuardedFetch({ allowLoopback }),
    private: createGuardedFetch({ allowLoopback, allowPrivate: true }),
    allowHttpLoopback: allowLoopback,
  }
  return {
    oidc: createOidcUpstream({ fetches, random }),
    github: createGithubUpstream({ fetches, random }),
  }
}
