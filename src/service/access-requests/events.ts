/** @module The audit events of access requests: the same fields for each, so that one can be followed by its id. */
import type { AccessRequest, Requestable } from '../../core/access-request/access-request.js'
import { endOfOwnAccess } from '../../core/access-request/grants.js'
import type { AuditEventName, AuditFacts } from '../../core/audit/event.js'
import { formatDuration, formatInstant, type Instant } from '../../core/time.js'

/** Resources and roles that one event names; a request may have 200. */
const shownItems = 200

export interface RequestEvent {
  readonly event: Extract<AuditEventName, `access_request.${string}`>
  readonly request: AccessRequest
  /** Who did it; `system` for what time did. */
  readonly by: string
  readonly clusterName: string
  readonly fields?: AuditFacts['fields']
}

/** What an event of a request tells; `user` is who asks. */
export function requestFacts({ event, request, by, clusterName, fields = {} }: RequestEvent): AuditFacts {
  const asked = request.items.slice(0, shownItems).map((item) => item.asked)
  return {
    event,
    success: true,
    user: request.user,
    fields: {
      id: request.id,
      state: request.state.toUpperCase(),
      roles: asked.flatMap((one) => (one.kind === 'role' ? one.name : [])),
      resource_ids: asked.flatMap((one) => resourceId(one, clusterName) ?? []),
      reason: request.reason,
      max_duration: formatDuration(request.durationMs),
      assume_start_time: told(request.startAt),
      expires: told(request.state === 'pending' ? request.pendingUntil : endOfOwnAccess(request)),
      annotations: Object.keys(request.annotations).length === 0 ? undefined : request.annotations,
      promoted_access_list_name: request.promotedTo?.list,
      extends: request.extends?.request,
      updated_by: by,
      ...fields,
    },
  }
}

/** A resource as the reference writes it: `/<cluster>/<kind>/<name>`. Roles have a field of their own. */
function resourceId(asked: Requestable, clusterName: string): string | undefined {
  switch (asked.kind) {
    case 'assignment':
      return `/${clusterName}/aws_ic_account_assignment/${asked.accountId}/${asked.permissionSetArn}`
    case 'app':
      return `/${clusterName}/saml_idp_service_provider/${asked.name}`
    case 'role':
      return undefined
  }
}

function told(at: Instant | undefined): string | undefined {
  return at === undefined ? undefined : formatInstant(at)
}
