/**
 * @module The composition root: from a typed configuration to a gateway that can serve. With `main.ts` the only
 * caller of constructors; everything else is handed what it needs. What was opened is closed again, in reverse,
 * also when the start fails half-way.
 */
import { readJsonDocuments, readYamlDocuments } from './api/resource/documents.js'
import { connectPlugin } from './app/identity-center.js'
import { hearReplicas } from './app/hear-replicas.js'
import { createRetention } from './app/audit-retention.js'
import { createSinkRunners } from './app/audit-sinks.js'
import { createLateSealer } from './app/late-sealer.js'
import { keepConfiguredScimToken } from './app/scim-token.js'
import { warnOfDifference, warnOfMissingRoles, type StartWarning } from './app/start-warnings.js'
import { connectUpstreams } from './app/upstreams.js'
import { wakeAfterCommit } from './app/wake-after-commit.js'
import type { ConnectionOptions } from './aws/connection.js'
import type { Config } from './config/config.js'
import type { Secrets } from './config/secrets.js'
import { Argon2Hasher, type Argon2Cost } from './authn/password.js'
import { CompanyCertificates } from './authn/client-certificates.js'
import { NodeDeviceSignatures } from './authn/device-signatures.js'
import { WebAuthnPasskeys } from './authn/passkeys.js'
import { OtpauthTotp } from './authn/totp.js'
import { createEvidenceArchiver } from './audit/evidence-archive.js'
import { createFileHeadSink } from './audit/file-head-sink.js'
import { AuditNews } from './audit/news.js'
import { AuditSequencer } from './audit/sequencer.js'
import type { SinkRunner } from './audit/sinks/sink-runner.js'
import { emptyInventory, type Inventory } from './core/inventory/inventory.js'
import type { Instant } from './core/time.js'
import { presetRoles } from './core/role/presets.js'
import type { CertificateSource } from './http/client-certificate.js'
import type { HttpDeps } from './http/deps.js'
import { createHttpServer } from './http/server.js'
import { createIssuer, type Issuer } from './keys/issuer.js'
import { checkMasterKey, hasCanary } from './keys/master-key-check.js'
import { loadMasterKey } from './keys/master-key.js'
import { assertPublished } from './keys/published-keys.js'
import { createSealer } from './keys/sealer.js'
import { createSigningKeys, type ManagedSigningKeys } from './keys/signing-keys.js'
import { createKinds } from './kinds/index.js'
import type { Clock } from './lib/clock.js'
import { DisposalStack } from './lib/disposal.js'
import { createEgress, type Egress } from './lib/egress.js'
import { createGuardedFetch } from './lib/guarded-fetch.js'
import type { Logger } from './lib/logger.js'
import type { Random } from './lib/random.js'
import { systemTimers, type Timers } from './lib/timers.js'
import { createMailer } from './notify/mailer.js'
import { OutboxWorker, type OutboxWorkerOptions } from './notify/outbox-worker.js'
import { createWebhookSender } from './notify/webhook-sender.js'
import { WebhookWorker } from './notify/webhook-worker.js'
import type { LeaseTimes } from './reconcile/lease.js'
import { createSyncs, type RunningSyncs } from './reconcile/syncs.js'
import { samlAdapter } from './saml/adapter.js'
import { buildMinimalServiceProviderMetadata, parseServiceProviderMetadata } from './saml/sp-metadata.js'
import { createSamlUpstream } from './saml/sp/adapter.js'
import { buildUpstreamIdp, parseUpstreamMetadata } from './saml/sp/upstream-metadata.js'
import { createScimClient } from './scim/client/create-scim-client.js'
import { testScim } from './scim/client/test-connection.js'
import { createScimServer } from './scim/server/schemas.js'
import { startReminding } from './service/access-lists/reviews/keep-reminding.js'
import { createGrantSource } from './service/access-requests/grant-source.js'
import { startKeepingTime } from './service/access-requests/keep-time.js'
import { createReachPreparation } from './service/access/prepare-reach.js'
import { ReaderCount } from './service/audit/follow-events.js'
import { moveSink, noteSinkFailure } from './service/audit/sink-notes.js'
import { startHousekeeping } from './service/housekeeping.js'
import { importFirst } from './service/identity-center/import-first.js'
import { createInventorySource } from './service/identity-center/inventory.js'
import { scimTokenContext } from './service/identity-center/scim-tokens.js'
import { hashToken } from './service/people/tokens.js'
import { assertFirstAdminName, firstAdminLink } from './service/people/first-admin.js'
import type { LinkIssued } from './service/people/issue-link.js'
import { bootstrapResources } from './service/resources/bootstrap.js'
import { Catalog } from './service/resources/catalog.js'
import { parseDocuments } from './service/resources/parse-documents.js'
import { listIssuersToAsk } from './service/trust/issuers.js'
import { findWebhookEndpoint } from './service/webhooks/endpoint.js'
import { markWebhookGone } from './service/webhooks/mark-gone.js'
import { openNotices, type NoticeTimes } from './store/sql/notices.js'
import { openStore } from './store/sql/open.js'
import type { DatabaseTimes } from './store/sql/postgres.js'
import type { Store } from './store/store.js'

export interface GatewayOptions {
  readonly config: Config
  readonly secrets: Secrets
  /** Text of the bootstrap file; undefined where none is configured. */
  readonly bootstrapText: string | undefined
  /** Text of the file with the authorities of devices; undefined where none is configured. */
  readonly deviceCaText?: string | undefined
  /** AWS accounts and permission sets as configured; nothing is known without. */
  readonly inventory?: Inventory
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Folder of the built web page. */
  readonly webDir: string
  /** The operator's token of this process; see `service/operator-token.ts`. */
  readonly operatorToken: string
  /** How published keys are read where AWS reads them; over the internet without. */
  readonly egress?: Egress
  /** Whether the process was asked to stop: `/readyz` says so. */
  readonly isStopping?: () => boolean
  /** When the certificate that Gatehouse serves itself ends. */
  readonly tlsValidTo?: () => Instant
  /** How the sync waits; by the operating system's timers without. */
  readonly timers?: Timers
  /** Names this process among the replicas; made up where it is left out. */
  readonly holder?: string
  /** Of the lease of the sync; shorter in tests. Configuration cannot reach it, since all replicas must agree. */
  readonly leaseTimes?: LeaseTimes
  /** How long PostgreSQL is waited for; shorter in tests. */
  readonly databaseTimes?: DatabaseTimes
  readonly noticeTimes?: NoticeTimes
  /** How AWS is reached; over HTTP by Node's own agent without. */
  readonly awsHandler?: ConnectionOptions['requestHandler']
  /** Cheaper hashing for tests; configuration cannot reach it. */
  readonly passwordCost?: Argon2Cost
}

export interface Gateway extends AsyncDisposable {
  readonly http: ReturnType<typeof createHttpServer>
  readonly store: Store
  readonly catalog: Catalog
  readonly samlKeys: ManagedSigningKeys
  /** Makes tokens for AWS; routes are given its keys only. */
  readonly issuer: Issuer
  readonly sequencer: AuditSequencer
  readonly syncs: RunningSyncs
  /** Ends the answers that would go on for hours, before the process stops. */
  readonly endStreams: () => void
  /** A link for the first administrator, as long as nobody can administer. */
  readonly firstAdmin: LinkIssued | undefined
  /** Names of the resources that this start created. */
  readonly createdResources: readonly string[]
  /** What is not wrong enough to refuse to start, and probably not what was meant. */
  readonly warnings: readonly StartWarning[]
}

/** Opens everything. @throws GatewayError with what is wrong and how to mend it. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const stack = new DisposalStack()
  try {
    const gateway = await compose(options, stack)
    const opened = stack.move()
    return { ...gateway, [Symbol.asyncDispose]: async () => await opened[Symbol.asyncDispose]() }
  } catch (error) {
    await stack[Symbol.asyncDispose]()
    throw error
  }
}

async function compose(
  options: GatewayOptions,
  stack: DisposalStack,
): Promise<Omit<Gateway, typeof Symbol.asyncDispose>> {
  const { config, clock, random, logger } = options
  const { clusterName, publicUrl } = config
  const lateSealer = createLateSealer()
  // Before anything is made: a mistake in the file leaves no database and no master key behind.
  const kinds = createKinds({
    clock,
    publicUrl,
    allowHttpLoopback: config.saml.allowHttpLoopback,
    sealer: lateSealer,
    upstream: { parse: parseUpstreamMetadata, build: buildUpstreamIdp },
    metadata: { parse: parseServiceProviderMetadata, buildMinimal: buildMinimalServiceProviderMetadata },
  })
  const presets = parseDocuments(kinds, readJsonDocuments(presetRoles, 'preset roles'))
  const fileName = config.bootstrapFile ?? 'bootstrap file'
  const fromFile = parseDocuments(kinds, readYamlDocuments(options.bootstrapText ?? '', fileName))

  const opened = stack.use(
    await openStore({ url: databaseUrl(options), logger, clock, times: options.databaseTimes }),
  )
  const sealer = await openSealer(options, opened)
  lateSealer.open(sealer)

  // Both ways round: the sequencer signs with keys that write audit events, and those wake the sequencer.
  const wakeable: {
    sequencer?: AuditSequencer
    webhook?: WebhookWorker
    mail?: OutboxWorker
    sinks?: readonly SinkRunner[]
    news?: AuditNews
    look?: () => void
  } = {}
  const heard = stack.use(
    hearReplicas({
      look: () => wakeable.look?.(),
      chain: () => wakeable.sequencer?.wake(),
      send: (channel) => wakeable[channel]?.wake(),
    }),
  )
  const url = databaseUrl(options)
  const notices = stack.use(openNotices({ url, logger, onNotice: heard.hear, times: options.noticeTimes }))
  const onCommit = () => {
    wakeable.sequencer?.wake()
    notices.tell('commit')
  }
  const onMessage = (channel: 'mail' | 'webhook') => {
    wakeable[channel]?.wake()
    notices.tell(channel)
  }
  const store = wakeAfterCommit(opened, { onCommit, onMessage })

  const keyOptions = { store, sealer, clock, random, clusterName, onCommit }
  const samlKeys = createSigningKeys({ ...keyOptions, purpose: 'saml' })
  const auditKeys = createSigningKeys({ ...keyOptions, purpose: 'audit' })
  const { egress = createEgress() } = options
  const oidcKeys = createSigningKeys({
    ...keyOptions,
    purpose: 'oidc',
    beforeSwitch: async (next) =>
      await assertPublished(egress, next, listIssuersToAsk(await catalog.read(), publicUrl)),
  })
  const issuer = createIssuer({ keys: oidcKeys, clock, random })
  const sinks = [createFileHeadSink(config.dataDir)]
  const onExtended = () => {
    for (const sink of wakeable.sinks ?? []) sink.wake()
    wakeable.news?.tell()
  }
  const chain = new AuditSequencer({
    store: opened,
    keys: auditKeys,
    clock,
    logger,
    clusterName,
    sinks,
    onExtended,
  })
  wakeable.sequencer = stack.use(chain)

  const { inventory: configured = emptyInventory } = options
  const reach = stack.use(createReachPreparation({ logger }))
  const catalog = new Catalog({
    store,
    kinds,
    logger,
    inventory: createInventorySource({ store, kinds, configured }),
    onChange: reach.start,
  })
  const sendsMail = config.mail !== undefined
  const context = { store, clock, random, logger, clusterName, publicUrl, sendsMail, catalog, kinds }
  const newcomers = fromFile
    .filter(({ kind }) => kind.name === kinds.known.user.name)
    .map(({ document }) => kinds.known.user.parse(document).value)
  await assertFirstAdminName({ catalog }, { name: config.firstAdminName, newcomers })
  const { created: createdResources, differing } = await bootstrapResources(context, [
    ...presets,
    ...fromFile,
  ])
  const warnings = [
    ...differing
      .filter((resource) => fromFile.includes(resource))
      .map((one) => warnOfDifference(one, fileName)),
    ...(await warnOfMissingRoles(catalog)),
  ]

  // Tries the patterns of all roles on the inventory once, so that nobody's first page has to wait for it.
  await catalog.read()
  await reach.settled()

  const { awsicScimToken } = options.secrets
  if (awsicScimToken !== undefined) {
    const message = await keepConfiguredScimToken({ ...context, sealer }, awsicScimToken.reveal())
    if (message !== undefined) warnings.push({ kind: 'plugin', name: 'SCIM token', message })
  }
  const { timers = systemTimers(clock) } = options
  const { allowHttpLoopback: allowLoopback } = config.saml
  const scimFetch = createGuardedFetch({ allowLoopback })
  const upstreamFetch = {
    public: scimFetch,
    private: createGuardedFetch({ allowLoopback, allowPrivate: true }),
  }
  const webhookSender = createWebhookSender({
    fetch: upstreamFetch,
    timers,
  })
  const auditSinks = await createSinkRunners({
    configs: config.auditSinks ?? [],
    secrets: options.secrets.auditSinks ?? new Map(),
    dataDir: config.dataDir,
    store,
    notes: {
      move: (position, to) => moveSink(context, position, to),
      fail: (key, trouble, tell) => noteSinkFailure(context, key, trouble, tell),
    },
    clusterName,
    holder: random.uuid(),
    timers,
    clock,
    random,
    logger,
    // Named by whoever runs this machine, so that a collector beside the gateway may be one.
    webhookSender: createWebhookSender({
      fetch: {
        public: upstreamFetch.public,
        private: createGuardedFetch({ allowLoopback: true, allowPrivate: true }),
      },
      timers,
    }),
    output: process.stdout,
  })
  for (const sink of auditSinks) stack.use(sink)
  const auditNews = stack.use(new AuditNews({ store, timers, logger }))
  wakeable.news = auditNews
  wakeable.sinks = auditSinks
  // The sync asks for an import, and the import asks the sync.
  const later: { deps?: HttpDeps } = {}
  const requests = createGrantSource({ store, catalog, clock })
  const syncs = stack.use(
    createSyncs({
      ...context,
      timers,
      grants: () => requests.grants(),
      endedRequests: (ids) => requests.findOver(ids),
      importFirst: async (plugin) =>
        later.deps === undefined ? { state: 'running' } : await importFirst(later.deps, plugin),
      holder: options.holder ?? random.uuid(),
      ...(options.leaseTimes && { leaseTimes: options.leaseTimes }),
      connect: (settings, governor) =>
        connectPlugin(
          { catalog, issuer, timers, clusterName, publicUrl, requestHandler: options.awsHandler },
          settings,
          governor,
        ),
      // A host that is not AWS's was named by a person, so that it may lead anywhere (T16).
      scimClient: (connection) =>
        createScimClient({ ...connection, timers, ...(connection.allowOtherHost && { fetch: scimFetch }) }),
      unseal: (token, plugin) => sealer.unseal(token.sealedToken, scimTokenContext(plugin, token.slot)),
    }),
  )

  wakeable.look = () => {
    catalog.read().catch((error: unknown) => logger.debug({ err: error }, 'the catalog could not be read'))
    syncs.lookAll()
  }

  const deps: HttpDeps = {
    ...context,
    sealer,
    syncs,
    timers,
    testScim: (client) =>
      testScim(
        { client, timers, unique: () => random.bytes(6).toString('hex') },
        { priority: 'interactive' },
      ),
    webhookSender,
    scimServer: createScimServer(),
    passwords: new Argon2Hasher(options.passwordCost ? { cost: options.passwordCost } : {}),
    totp: new OtpauthTotp(random),
    passkeys: new WebAuthnPasskeys(),
    deviceSignatures: new NodeDeviceSignatures(),
    deviceCertificates:
      options.deviceCaText === undefined ? undefined : new CompanyCertificates(options.deviceCaText),
    upstreams: connectUpstreams(publicUrl, random),
    signingKeys: samlKeys,
    saml: samlAdapter,
    samlUpstream: createSamlUpstream({ allowHttpLoopback: allowLoopback, fetch: upstreamFetch }),
    entityId: config.saml.entityId,
    ssoUrl: `${publicUrl}/saml/idp/sso`,
    operatorTokenHash: hashToken(options.operatorToken),
    flushAudit: () => chain.flush(),
    signAuditHead: () => chain.signHead(),
    evidence: createEvidenceArchiver({ keys: auditKeys }),
    managedKeys: { saml: samlKeys, audit: auditKeys, oidc: oidcKeys },
    issuer,
    isStopping: options.isStopping,
    tlsValidTo: options.tlsValidTo,
    auditNews,
    auditReaders: new ReaderCount(),
    auditSinks: auditSinks.map(({ key, sink: { target, format } }) => ({ key, target, format })),
    auditKeys: async () => (await auditKeys.list()).map(({ id, publicKeyPem }) => ({ id, publicKeyPem })),
  }
  later.deps = deps
  const firstAdmin = await firstAdminLink(deps, { name: config.firstAdminName })
  const http = createHttpServer({
    deps,
    webDir: options.webDir,
    trustedProxies: config.trustedProxies,
    certificates: certificateSource(config),
  })
  // The keys exist before the first person, or AWS, needs them, and earlier events that wait get their place.
  await Promise.all([samlKeys.current(), oidcKeys.current()])
  chain.wake()
  for (const sink of auditSinks) sink.start()
  const { auditRetentionDays } = config
  const retention = createRetention(
    { ...keyOptions, keys: auditKeys, signHead: () => chain.signHead() },
    auditRetentionDays,
    auditSinks.map(({ key }) => key),
  )
  stack.use(startHousekeeping({ ...context, ...retention }))
  const outgoing = openOutbox(options, { outbox: store.outbox, timers, logger })
  if (outgoing !== undefined) {
    wakeable.mail = stack.use(outgoing)
    wakeable.mail.start()
  }
  wakeable.webhook = stack.use(
    new WebhookWorker({
      outbox: store.outbox,
      sender: webhookSender,
      findEndpoint: async (name) => await findWebhookEndpoint({ ...context, sealer }, name),
      markGone: async (name, error) => await markWebhookGone(context, name, error),
      timers,
      random,
      logger,
    }),
  )
  wakeable.webhook.start()
  stack.use(startReminding({ ...context, timers, outgoing }))
  stack.use(startKeepingTime({ ...context, timers, syncs }))
  return {
    http,
    store,
    catalog,
    samlKeys,
    issuer,
    sequencer: chain,
    syncs,
    endStreams: () => auditNews.end(),
    firstAdmin,
    createdResources,
    warnings,
  }
}

function certificateSource({ deviceCertificates, tls }: Config): CertificateSource | undefined {
  if (deviceCertificates === undefined) return undefined
  if (tls !== undefined) return { from: 'handshake' }
  return deviceCertificates.header === undefined
    ? undefined
    : { from: 'header', header: deviceCertificates.header }
}

function openOutbox(
  { config, secrets }: GatewayOptions,
  rest: Omit<OutboxWorkerOptions, 'mailer'>,
): OutboxWorker | undefined {
  if (config.mail === undefined) return undefined
  const password = secrets.smtpPassword?.reveal()
  return new OutboxWorker({ ...rest, mailer: createMailer({ server: config.mail, password }) })
}

function databaseUrl({ config, secrets }: GatewayOptions): string {
  switch (config.database.kind) {
    case 'postgres':
      return secrets.databaseUrl?.reveal() ?? ''
    case 'memory':
      return 'sqlite::memory:'
    case 'sqlite':
      return `sqlite:${config.database.file}`
  }
}

async function openSealer({ config, secrets, random, logger }: GatewayOptions, store: Store) {
  const { masterKey, created, source } = await loadMasterKey({
    dataDir: config.dataDir,
    file: config.masterKey.from === 'file' ? config.masterKey.file : undefined,
    value: secrets.masterKey?.reveal(),
    engine: config.database.kind === 'postgres' ? 'postgres' : 'sqlite',
    hasSealedRows: await hasCanary(store.meta),
    random,
  }).then(({ key, ...rest }) => ({ masterKey: key, ...rest }))
  if (created) logger.info({ source }, 'made a master key; back it up apart from the database')
  const sealer = createSealer(masterKey)
  await checkMasterKey(store.meta, sealer)
  return sealer
}
