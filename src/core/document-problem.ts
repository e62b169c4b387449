/**
 * @module What is wrong in documents that somebody wrote, with the place: the same words from the API, the command
 * line and the log.
 */

/** One thing that is wrong. */
export interface DocumentProblem {
  /** File name, or what else tells people which text it was. */
  readonly source?: string | undefined
  readonly line?: number | undefined
  /** Dotted path within the document; empty for the document itself. */
  readonly path: string
  readonly message: string
}

const maxShown = 20

/** One line for each problem: `roles.yaml:8: spec.allow.app_labels: the pattern ...`. Very many are counted only. */
export function describeProblems(problems: readonly DocumentProblem[]): string {
  const shown = problems.slice(0, maxShown).map(describeProblem)
  if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more`)
  return shown.join('\n')
}

/** `roles.yaml:8: spec.allow.app_labels: the pattern ...` */
export function describeProblem({ source, line, path, message }: DocumentProblem): string {
  const place = [source ?? (line === undefined ? undefined : 'line'), line].filter(
    (part) => part !== undefined,
  )
  const before = place.length === 0 ? '' : `${place.join(source === undefined ? ' ' : ':')}: `
  return `${before}${path === '' ? '' : `${path}: `}${message}`
}
