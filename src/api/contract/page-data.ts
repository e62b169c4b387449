/**
 * @module What the server embeds in the page as `<script type="application/json" id="page-data">` when the answer to
 * a navigation is a refusal or a problem, so that status code and words come together.
 */

export type PageData =
  | {
      kind: 'refusal'
      reference: string
      user: string
      serviceProvider: string
      title: string
      /** The reason in the person's words, then what to do about it. */
      reasons: string[]
      advice: string[]
      /** True where this person can mend it by themselves: `retryUrl` starts again. */
      retryUrl?: string
    }
  | {
      kind: 'problem'
      title: string
      detail: string
      advice: string[]
      reference?: string
      /** Whether the reference is that of an audit event. */
      audited?: boolean
      retryUrl?: string
      /** Where a sign-in that failed was going: the page leads there by the sign-in page. */
      signInNext?: string
    }
