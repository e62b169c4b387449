/**
 * @module From a parsed role document to the role that decisions work with: defaults by version, nothing left open.
 */
import type { z } from 'zod'
import { isNever } from '../../api/resource/fields.js'
import { defaultMaxSessionTtlMs } from '../../core/role/session-limits.js'
import type {
  RequestConditions,
  ReviewConditions,
  Role,
  RoleConditions,
  RoleVersion,
} from '../../core/role/role.js'
import { parseDuration } from '../../core/time.js'
import type { conditions } from './conditions.js'
import type { RoleDocument } from './form.js'

type Section = z.output<typeof conditions>

export function buildRole({ version, metadata, spec }: RoleDocument): Role {
  const idle = spec.options?.client_idle_timeout
  const ttl = spec.options?.max_session_ttl
  return {
    name: metadata.name,
    version,
    labels: metadata.labels ?? {},
    allow: buildConditions(spec.allow, version),
    deny: buildConditions(spec.deny, undefined),
    options: {
      maxSessionTtlMs: ttl === undefined ? defaultMaxSessionTtlMs : parseDuration(ttl, 'max_session_ttl'),
      clientIdleTimeoutMs:
        idle === undefined || isNever(idle) ? undefined : parseDuration(idle, 'client_idle_timeout'),
      requireSessionMfa: spec.options?.require_session_mfa ?? 'off',
      deviceTrustMode: spec.options?.device_trust_mode ?? 'off',
      samlIdpEnabled: spec.options?.idp?.saml?.enabled ?? true,
    },
    origin: 'stored',
  }
}

/** `version` is given for allow: v3 allows every label where it names none. */
function buildConditions(section: Section | undefined, version: RoleVersion | undefined): RoleConditions {
  return {
    appLabels: section?.app_labels ?? (version === 'v3' ? { '*': ['*'] } : {}),
    appLabelsExpression: section?.app_labels_expression,
    accountAssignments: (section?.account_assignments ?? []).map((entry) => ({
      account: entry.account,
      permissionSet: entry.permission_set,
    })),
    rules: (section?.rules ?? []).map(({ resources, verbs, where }) => ({ resources, verbs, where })),
    request: section?.request === undefined ? undefined : buildRequest(section.request),
    reviewRequests: section?.review_requests === undefined ? undefined : buildReview(section.review_requests),
  }
}

function buildRequest(section: NonNullable<Section['request']>): RequestConditions {
  const { reason, max_duration: maxDuration } = section
  return {
    roles: section.roles ?? [],
    searchAsRoles: section.search_as_roles ?? [],
    claimsToRoles: section.claims_to_roles ?? [],
    reason: { mode: reason?.mode ?? 'optional', prompt: reason?.prompt },
    thresholds: (section.thresholds ?? []).map(({ name, filter, approve, deny }) => ({
      name,
      filter,
      approve: approve ?? 1,
      deny: deny ?? 1,
    })),
    suggestedReviewers: section.suggested_reviewers ?? [],
    annotations: section.annotations ?? {},
    maxDurationMs: maxDuration === undefined ? undefined : parseDuration(maxDuration, 'max_duration'),
  }
}

function buildReview(section: NonNullable<Section['review_requests']>): ReviewConditions {
  return {
    roles: section.roles ?? [],
    claimsToRoles: section.claims_to_roles ?? [],
    previewAsRoles: section.preview_as_roles ?? [],
    where: section.where,
  }
}
