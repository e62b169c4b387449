/** @module The advice of a key rollover as the page shows it: what is said of one application belongs to a step. */

export interface AdviceStep {
  readonly says: string
  /** Of one application each. */
  readonly each: readonly string[]
}

/** The server names an application first, in quotation marks. */
export function groupAdvice(advice: readonly string[]): AdviceStep[] {
  const steps: { says: string; each: string[] }[] = []
  for (const sentence of advice) {
    const step = steps.at(-1)
    if (step && sentence.startsWith('"')) step.each.push(sentence)
    else steps.push({ says: sentence, each: [] })
  }
  return steps
}
