/**
 * @module Sets light or dark before the first paint. It is the first import of main.tsx because the content
 * security policy allows no script in the page itself.
 */
const chosen = readChoice()
const dark =
  chosen === 'dark' || (chosen !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches)
document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')

function readChoice(): string | null {
  try {
    return window.localStorage.getItem('mantine-color-scheme-value')
  } catch {
    return null // Storage is forbidden in this browser: the system's choice holds.
  }
}
