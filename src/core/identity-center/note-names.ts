/**
 * @module Under which names parts of the gateway keep notes about a plugin. In one place, so that all of them go with
 * the plugin: a later one of the same name must not believe that it has read AWS already.
 */

export const noteNames = {
  /** What was read of AWS, and when. */
  reading: (plugin: string) => `aws-identity-center/${plugin}/reading`,
  progress: (plugin: string) => `aws-identity-center/${plugin}/progress`,
  /** What the last job did; the lease of the one that runs has the same name. */
  job: (plugin: string) => `aws-identity-center/${plugin}/job`,
  /** A replica that does not hold the lease asks the holder for something. */
  wish: (plugin: string) => `aws-identity-center/${plugin}/wish`,
  /** Of the lease, which is no note. */
  lease: (plugin: string) => `aws-identity-center/${plugin}`,
  /** When a person first applied a plan. */
  started: (plugin: string) => `aws-identity-center/${plugin}/started`,
  /** How the last test of the connection ended, and with which settings. */
  tested: (plugin: string) => `aws-identity-center/${plugin}/tested`,
  /** What the last import did. */
  imported: (plugin: string) => `aws-identity-center/${plugin}/imported`,
  /** That the store was restored from a backup, and nobody has seen the plan since. */
  restored: (plugin: string) => `aws-identity-center/${plugin}/restored`,
} as const

/** Every note of a plugin; they go with it. */
export function listNoteNames(plugin: string): string[] {
  const { lease: _, ...notes } = noteNames
  return Object.values(notes).map((nameOf) => nameOf(plugin))
}
