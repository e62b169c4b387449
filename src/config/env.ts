/**
 * @module The names of all environment variables, and nothing else: `config.ts` holds the rules, `file.ts` the
 * same settings in YAML. Every name here is described in `docs/configuration.md`; the architecture test checks
 * that. AWS endpoints and credentials come from the variables of the AWS SDK and are not listed.
 */

/** Each setting by its path in the configuration file, with its environment variable. */
export const settingNames = {
  public_url: 'GATEHOUSE_PUBLIC_URL',
  listen: 'GATEHOUSE_LISTEN',
  trusted_proxies: 'GATEHOUSE_TRUSTED_PROXIES',
  cluster_name: 'GATEHOUSE_CLUSTER_NAME',
  data_dir: 'GATEHOUSE_DATA_DIR',
  database_url: 'GATEHOUSE_DATABASE_URL',
  master_key_file: 'GATEHOUSE_MASTER_KEY_FILE',
  bootstrap_file: 'GATEHOUSE_BOOTSTRAP_FILE',
  inventory_file: 'GATEHOUSE_INVENTORY_FILE',
  first_admin_name: 'GATEHOUSE_FIRST_ADMIN_NAME',
  awsic_scim_token_file: 'GATEHOUSE_AWSIC_SCIM_TOKEN_FILE',
  smtp_url: 'GATEHOUSE_SMTP_URL',
  smtp_password_file: 'GATEHOUSE_SMTP_PASSWORD_FILE',
  mail_from: 'GATEHOUSE_MAIL_FROM',
  audit_retention: 'GATEHOUSE_AUDIT_RETENTION',
  log_level: 'GATEHOUSE_LOG_LEVEL',
  'tls.cert_file': 'GATEHOUSE_TLS_CERT_FILE',
  'tls.key_file': 'GATEHOUSE_TLS_KEY_FILE',
  http_redirect_listen: 'GATEHOUSE_HTTP_REDIRECT_LISTEN',
  max_connections: 'GATEHOUSE_MAX_CONNECTIONS',
  max_connections_per_address: 'GATEHOUSE_MAX_CONNECTIONS_PER_ADDRESS',
  shutdown_grace: 'GATEHOUSE_SHUTDOWN_GRACE',
  device_ca_file: 'GATEHOUSE_DEVICE_CA_FILE',
  device_cert_header: 'GATEHOUSE_DEVICE_CERT_HEADER',
  'saml.entity_id': 'GATEHOUSE_SAML_ENTITY_ID',
  'saml.allow_http_loopback': 'GATEHOUSE_SAML_ALLOW_HTTP_LOOPBACK',
} as const

export type SettingPath = keyof typeof settingNames

/** Variables that have no counterpart in the file: where the file is, and the one secret that never is in it. */
export const configFileVariable = 'GATEHOUSE_CONFIG'
export const masterKeyVariable = 'GATEHOUSE_MASTER_KEY'

/** What the command line reads to find a gateway; the gateway itself has no use for them. */
export const clientVariables = ['GATEHOUSE_URL', 'GATEHOUSE_TOKEN'] as const

export const settingPaths = Object.keys(settingNames) as readonly SettingPath[]
export const variableNames: readonly string[] = [
  ...Object.values(settingNames),
  configFileVariable,
  masterKeyVariable,
  ...clientVariables,
]
