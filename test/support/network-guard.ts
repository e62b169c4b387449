/**
 * Keeps every test on this machine: a connection or a name look-up that would leave the loopback interface
 * throws at once and names the host. Loaded before each test file (`setupFiles` in `test/vitest.config.ts`).
 */
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

const loopback =
  /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|::1|\[::1\]|::ffff:127(\.\d{1,3}){3}|0\.0\.0\.0|::)$/i

/** Whether a connection to `host` stays on this machine. */
export function isLoopback(host: string): boolean {
  return loopback.test(host)
}

function refuse(host: string): never {
  throw new Error(`tests may only talk to this machine, but something wanted to reach "${host}"`)
}

/** The host that the arguments of `Socket.connect` name; undefined for a local socket path. */
function hostOf(args: readonly unknown[]): string | undefined {
  // `net.connect` passes its arguments on already gathered into one array.
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args
  if (typeof first === 'object' && first !== null) {
    if ('path' in first && typeof first.path === 'string') return undefined
    return 'host' in first && typeof first.host === 'string' ? first.host : 'localhost'
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return undefined
  return typeof second === 'string' ? second : 'localhost'
}

const patched = Symbol.for('gatehouse.network-guard')

function install(): void {
  if (patched in globalThis) return
  Object.defineProperty(globalThis, patched, { value: true })

  const connect = Reflect.get(net.Socket.prototype, 'connect')
  Reflect.set(net.Socket.prototype, 'connect', function (this: net.Socket, ...args: unknown[]): net.Socket {
    const host = hostOf(args)
    if (host !== undefined && !isLoopback(host)) refuse(host)
    return Reflect.apply(connect, this, args)
  })

  for (const resolver of [dns, dns.promises]) {
    const lookup = Reflect.get(resolver, 'lookup')
    const guarded = function (this: unknown, host: string, ...rest: unknown[]): unknown {
      if (typeof host === 'string' && !isLoopback(host)) refuse(host)
      return Reflect.apply(lookup, this, [host, ...rest])
    }
    Reflect.set(resolver, 'lookup', guarded)
  }
  syncBuiltinESMExports()
}

install()
