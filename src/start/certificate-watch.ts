/**
 * @module The served certificate follows its files: they are read anew each minute and on SIGHUP, by content, so that it
 * does not matter how they were exchanged (in place, renamed, by a symbolic link as in Kubernetes). A bad pair is told
 * once and changes nothing: what was good goes on until it is good again.
 */
import type { TlsMaterial, TlsProblem } from '../config/tls.js'
import { formatInstant, minute, type Instant } from '../core/time.js'
import type { Logger } from '../lib/logger.js'
import type { Timers } from '../lib/timers.js'

export interface CertificateWatch {
  readonly validTo: Instant
  /** Reads the files now. */
  readonly reload: () => 'same' | 'replaced' | 'kept'
}

export interface WatchOptions {
  readonly first: TlsMaterial
  readonly read: () => TlsMaterial | readonly TlsProblem[]
  /** Serves this one from now on. @throws for one that cannot be served. */
  readonly apply: (material: TlsMaterial) => void
  readonly logger: Logger
}

export function watchCertificate({ first, read, apply, logger }: WatchOptions): CertificateWatch {
  let served = first
  let told = ''
  const isServed = ({ cert, key }: TlsMaterial) => cert === served.cert && key === served.key
  const keep = (message: string): 'kept' => {
    if (message !== told)
      logger.error({ reason: message }, 'the new certificate is bad; the one before goes on')
    told = message
    return 'kept'
  }
  const reload = (): 'same' | 'replaced' | 'kept' => {
    // Read between the exchange of the two files they do not fit: once more, and the other one has come.
    let found = read()
    if (!('cert' in found)) found = read()
    if (!('cert' in found)) return keep(found.map(({ message }) => message).join('; '))
    if (isServed(found)) return 'same'
    try {
      apply(found)
    } catch (error) {
      return keep(error instanceof Error ? error.message : 'cannot be served')
    }
    served = found
    told = ''
    logger.info({ validTo: formatInstant(found.validTo) }, 'serves a new certificate')
    return 'replaced'
  }
  return {
    get validTo() {
      return served.validTo
    },
    reload,
  }
}

/** Looks each minute until it is stopped. */
export async function keepWatching(
  watch: CertificateWatch,
  timers: Pick<Timers, 'sleep'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await timers.sleep(minute, signal).catch(() => undefined)
    if (!signal.aborted) watch.reload()
  }
}
