/**
 * @module Text for people out of values: times, waiting times, the zone of this browser, password advice.
 */
/** Formatters are made once: a table of thousands of instants makes them anew for every row otherwise. */
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })
const formatters = new Map<string, Intl.DateTimeFormat>()
const forms = {
  exact: {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  },
  minute: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

function formatter(form: keyof typeof forms, timeZone: string | undefined): Intl.DateTimeFormat {
  const key = `${form} ${timeZone ?? ''}`
  let known = formatters.get(key)
  if (known === undefined) {
    known = new Intl.DateTimeFormat('en-GB', { ...forms[form], ...(timeZone ? { timeZone } : {}) })
    formatters.set(key, known)
  }
  return known
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** "3 minutes ago", "in 2 days", "just now"; both arguments in milliseconds. */
export function formatRelative(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000)
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) {
      return relative.format(Math.trunc(seconds / size), unit)
    }
  }
  // Clocks differ a little, and the page's own moves in steps: what is barely ahead has just happened.
  return seconds > 20 ? 'in less than a minute' : 'just now'
}

/** Date, time and zone, exact to the second: "22 Nov 2026, 10:41:21 UTC". */
export function formatExact(at: number, timeZone?: string): string {
  return formatter('exact', timeZone).format(at)
}

/** Where the minute is enough: "27 Nov 2026, 18:00", in the zone of this browser. */
export function formatMinute(at: number, timeZone?: string): string {
  return formatter('minute', timeZone).format(at)
}

/** A day, where the hour does not matter: "21 Nov 2029". */
export function formatDate(at: number, timeZone?: string): string {
  return formatter('date', timeZone).format(at)
}

/** How long to wait, in words: "45 seconds", "2 minutes". */
export function formatWait(seconds: number): string {
  const [count, unit] = seconds < 90 ? [Math.ceil(seconds), 'second'] : [Math.ceil(seconds / 60), 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** Starts a text as a sentence starts; a leading identifier such as `app_labels` stays as it is written. */
export function startUpper(text: string): string {
  return /^\p{Ll}[\p{L}'’-]*(?![\p{L}\p{N}_.@/])/u.test(text)
    ? text.charAt(0).toUpperCase() + text.slice(1)
    : text
}

/** "1 event", "3 events". */
export function formatCount(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}

/** Advice while a password is typed. It is advice only: the server decides what is accepted. */
export function advisePassword(password: string, user: string): { share: number; advice: string } {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length
  const distinct = new Set(password).size
  if (password.length < 12)
    return {
      share: Math.min(30, password.length * 3),
      advice: `${12 - password.length} more to reach 12 characters.`,
    }
  if (user.length > 2 && password.toLowerCase().includes(user.toLowerCase().split('@')[0] ?? user)) {
    return { share: 30, advice: 'It contains your user name, which others know.' }
  }
  if (distinct < 6)
    return { share: 30, advice: 'Too few different characters; several words in a row work well.' }
  if (password.length < 16 && kinds < 3)
    return { share: 65, advice: 'Good. A few more words make it strong.' }
  return { share: 100, advice: 'Strong. Let your password manager keep it.' }
}

/** The zone of this browser, as a name: "Europe/Berlin". */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** A local `datetime-local` value for an RFC 3339 instant, or an empty string. */
export function toLocalInput(instant: string | undefined): string {
  const at = Date.parse(instant ?? '')
  if (Number.isNaN(at)) return ''
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** The RFC 3339 instant of a `datetime-local` value, or nothing. */
export function fromLocalInput(value: string): string | undefined {
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

/** What is wrong with an end that has come already; the server decides by its own clock. */
export function pastProblem(value: string): string | undefined {
  return Date.parse(value) <= Date.now() ? 'It lies in the past: choose a later time, or none.' : undefined
}

/** "Firefox on Linux" out of a User-Agent header; what it does not know it calls so. */
export function describeBrowser(userAgent: string): string {
  // Order matters: Edge and Opera also name Chrome, Chrome also names Safari.
  const browser = firstMatch(userAgent, {
    Edg: 'Edge',
    OPR: 'Opera',
    Firefox: 'Firefox',
    Chrome: 'Chrome',
    Safari: 'Safari',
  })
  const system = firstMatch(userAgent, {
    iPhone: 'iPhone',
    iPad: 'iPad',
    Android: 'Android',
    Windows: 'Windows',
    'Mac OS X': 'macOS',
    Linux: 'Linux',
  })
  if (!browser) return userAgent === '' ? 'Unknown browser' : userAgent.slice(0, 60)
  return system ? `${browser} on ${system}` : browser
}

function firstMatch(text: string, names: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(names).find(([token]) => text.includes(token))?.[1]
}
