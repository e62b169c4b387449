/**
 * @module Names in roles of the reference product: the verbs, and the fields that give or limit access to things other
 * than AWS. A role that carries those loads unchanged; here they have no effect.
 */

/** Verbs of `rules`. */
export const roleVerbs: readonly string[] = [
  '*',
  'list',
  'create',
  'read',
  'readnosecrets',
  'update',
  'delete',
  'rotate',
  'use',
  'create_enroll_token',
  'enroll',
]

/** Fields of `allow` and `deny`. */
export const ignoredConditions = [
  'logins',
  'node_labels',
  'node_labels_expression',
  'cluster_labels',
  'cluster_labels_expression',
  'kubernetes_groups',
  'kubernetes_users',
  'kubernetes_labels',
  'kubernetes_labels_expression',
  'kubernetes_resources',
  'db_labels',
  'db_labels_expression',
  'db_names',
  'db_users',
  'db_roles',
  'db_permissions',
  'db_service_labels',
  'db_service_labels_expression',
  'windows_desktop_labels',
  'windows_desktop_labels_expression',
  'windows_desktop_logins',
  'linux_desktop_labels',
  'linux_desktop_labels_expression',
  'desktop_groups',
  'host_groups',
  'host_sudoers',
  'group_labels',
  'group_labels_expression',
  'aws_role_arns',
  'azure_identities',
  'gcp_service_accounts',
  'impersonate',
  'join_sessions',
  'require_session_join',
  'github_permissions',
  'git_server_labels',
  'mcp',
  'spiffe',
  'workload_identity_labels',
  'workload_identity_labels_expression',
] as const

/** Fields of `options`. */
export const ignoredOptions = [
  'cert_extensions',
  'cert_format',
  'create_db_user',
  'create_db_user_mode',
  'create_desktop_user',
  'create_host_user',
  'create_host_user_default_shell',
  'create_host_user_mode',
  'desktop_clipboard',
  'desktop_directory_sharing',
  'disconnect_expired_cert',
  'enhanced_recording',
  'forward_agent',
  'max_connections',
  'max_kubernetes_connections',
  'max_sessions',
  'permit_x11_forwarding',
  'pin_source_ip',
  'port_forwarding',
  'record_session',
  'ssh_file_copy',
  'ssh_port_forwarding',
] as const

/** Options that are read and checked, and have no effect here yet. */
export const optionsWithoutEffect = [
  'lock',
  'mfa_verification_interval',
  'request_access',
  'request_prompt',
] as const
