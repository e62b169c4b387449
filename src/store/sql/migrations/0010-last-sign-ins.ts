/**
 * @module When people last signed in to each service provider, which owners of access lists are told beside each name.
 * What the log knows of users who are there is taken over: not what it has of somebody who had the name before.
 */
import type { Migration } from './migration.js'

/** `provider` reads the name of the service provider from the text of an event. */
const fill = (provider: string) => `insert into last_sign_in (user_name, service_provider, signed_in_at)
  select event.user_name, ${provider}, max(event.time_ms)
  from audit_event event
  join resource on resource.kind = 'user' and resource.name = event.user_name
    and resource.created_at <= event.time_ms
  where event.event_type = 'saml.idp.auth' and event.success = 1 and ${provider} is not null
  group by event.user_name, ${provider}`

export const lastSignIns: Migration = {
  number: 10,
  name: 'last-sign-ins',
  statements: ({ key, integer, tableEnd }) => [
    `create table last_sign_in (
      user_name ${key} not null,
      service_provider ${key} not null,
      signed_in_at ${integer} not null,
      primary key (user_name, service_provider)
    ) ${tableEnd}`,
  ],
  only: {
    sqlite: [fill(`json_extract(event.json, '$.service_provider_name')`)],
    // Not as json: PostgreSQL refuses a whole event for one character that its texts cannot hold. Within a text of the
    // event these quotes would be escaped.
    postgres: [fill(`substring(event.json from '"service_provider_name":"([^"\\\\]+)"')`)],
  },
}
