/**
 * @module What a gateway that people reach over https must not run with, though each setting by itself is well-formed:
 * secrets that everybody tries, a data folder that others can read, a database file where SQLite cannot keep it safe.
 * A trial on one machine (http) may.
 */
import type { SettingPath } from './env.js'
import type { FileFacts } from './tls.js'

export interface ProductionFacts {
  readonly dataDir: string
  /** Undefined where it does not exist yet: Gatehouse makes it for itself alone. */
  readonly dataDirFacts: FileFacts | undefined
  /** Of the folder of an SQLite file. */
  readonly databaseFacts: FileFacts | undefined
  /** The master key from the environment, where it has the right form. */
  readonly masterKey: string | undefined
  readonly databaseUrl: string | undefined
}

export interface UnsafeSetting {
  readonly setting: SettingPath | 'GATEHOUSE_MASTER_KEY'
  readonly message: string
}

/** NFS, SMB, CIFS, SMB2, AFS, Ceph, GlusterFS and the like over FUSE are told by these numbers (`statfs(2)`). */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
])

/** The passwords that come with images and examples. */
const knownPasswords: ReadonlySet<string> = new Set([
  'postgres',
  'password',
  'gatehouse',
  'changeme',
  'secret',
  'admin',
  'example',
])

/** Fewer different bytes than 32 random ones ever have (once in 10^15). */
const fewestBytes = 16

/** Everything unsafe, each by the setting that mends it. No message repeats a secret. */
export function findUnsafeSettings(facts: ProductionFacts): UnsafeSetting[] {
  const found: UnsafeSetting[] = []
  const mode = facts.dataDirFacts?.mode
  if (mode !== undefined && (mode & 0o006) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, '0')
    const message =
      `${facts.dataDir} is open to others (mode ${octal}), and holds the database and keys; ` +
      'chmod o= it, or name a folder inside it, which Gatehouse makes for itself alone'
    found.push({ setting: 'data_dir', message })
  }
  const network = networkFileSystems.get(facts.databaseFacts?.fileSystem ?? 0)
  if (network !== undefined) {
    const message = `SQLite loses data on a network file system (${network}); name a local disk, or use PostgreSQL`
    found.push({ setting: 'database_url', message })
  }
  if (facts.masterKey !== undefined && isSample(facts.masterKey)) {
    const message =
      'is not random: a sample, or typed by hand; make one with openssl rand -base64 32 | tr +/ -_ | tr -d ='
    found.push({ setting: 'GATEHOUSE_MASTER_KEY', message })
  }
  if (facts.databaseUrl !== undefined && hasKnownPassword(facts.databaseUrl)) {
    const message = 'has a password that everybody tries first; give the database user one of its own'
    found.push({ setting: 'database_url', message })
  }
  return found
}

function isSample(masterKey: string): boolean {
  return new Set(Buffer.from(masterKey.trim(), 'base64url')).size < fewestBytes
}

function hasKnownPassword(databaseUrl: string): boolean {
  if (!URL.canParse(databaseUrl)) return false
  const { username, password } = new URL(databaseUrl)
  return password !== '' && (password === username || knownPasswords.has(password.toLowerCase()))
}
