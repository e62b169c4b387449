/**
 * @module Style and script of the page at `/`. The script draws sections again when the event stream tells of
 * something, without moving what a person reads; without it the page shows the moment at which it was opened.
 */

export const inspectorStyle = `
main { max-width: 1200px }
section { margin: 0 0 32px }
h2 { margin: 0 0 8px }
.note { color: var(--soft); margin-left: 4px; font-size: 14px }
.empty { color: var(--soft); margin: 0; padding: 12px 16px; border: 1px dashed var(--line); border-radius: 8px }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 0 }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px }
.tiles dt { color: var(--soft); font-size: 14px } .tiles dd { margin: 0; font-size: 22px; font-variant-numeric: tabular-nums }
.where { color: var(--soft); overflow-wrap: anywhere }
/* A shadow at the side where a table goes on. */
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px;
  background: linear-gradient(to right, var(--card) 40%, transparent) left / 48px 100% no-repeat local,
    linear-gradient(to left, var(--card) 40%, transparent) right / 48px 100% no-repeat local,
    linear-gradient(to right, #0005, transparent) left / 14px 100% no-repeat scroll,
    linear-gradient(to left, #0005, transparent) right / 14px 100% no-repeat scroll, var(--card) }
.scroll:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
table { border-collapse: collapse; width: 100%; font-size: 14px }
th, td { text-align: left; padding: 7px 14px; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap }
td { font-variant-numeric: tabular-nums } tbody tr:last-child td { border-bottom: 0 }
th { color: var(--soft); font-weight: 600 }
form.search { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 24px }
form.search label { flex: 1 1 100% } form.search input { flex: 1 1 240px; font: inherit; padding: 6px 10px; border: 1px solid var(--soft); border-radius: 6px; background: var(--card); color: var(--ink) }
form.search input:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px }
.pages { display: flex; flex-wrap: wrap; gap: 8px 20px; margin: 8px 0 0; font-size: 14px }
meter { width: 110px; height: 12px; vertical-align: middle }
code { font-size: 13px; overflow-wrap: anywhere }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0 0 24px; font-size: 14px }
.facts dt { color: var(--soft) } .facts dd { margin: 0; overflow-wrap: anywhere }
@media (max-width: 520px) { main { padding: 16px } .facts { grid-template-columns: 1fr; gap: 0 } .facts dd { margin-bottom: 8px } }
`

/**
 * At most one redraw each half second. What has the focus has it again afterwards: the same link, or the same table. A
 * section in which text is selected waits until it is not.
 */
export const inspectorScript = `
const status = document.getElementById('live')
const stale = 'not connected: what you see may be old'
let waiting = false, again = false
function isSelected(node) {
  const selection = getSelection()
  return selection !== null && !selection.isCollapsed && selection.containsNode(node, true)
}
function replace(node, next) {
  const boxes = () => [...node.querySelectorAll('.scroll')]
  const left = boxes().map((box) => box.scrollLeft)
  const focus = node.contains(document.activeElement) ? document.activeElement : null
  const href = focus?.getAttribute('href'), at = boxes().indexOf(focus)
  node.innerHTML = next.innerHTML
  boxes().forEach((box, index) => { box.scrollLeft = left[index] ?? 0 })
  if (focus === null) return
  const same = href ? [...node.querySelectorAll('a')].find((a) => a.getAttribute('href') === href) : boxes()[at]
  const kept = same ?? boxes()[0]
  kept?.focus({ preventScroll: true })
}
async function redraw() {
  if (waiting) { again = true; return }
  waiting = true
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
    const text = await answer.text()
    // Without its head: the style of a whole page has a nonce that is not this page's.
    const fresh = new DOMParser().parseFromString(text.slice(text.indexOf('<body>')), 'text/html')
    for (const node of document.querySelectorAll('[data-live]')) {
      const next = fresh.getElementById(node.id)
      if (next === null || next.innerHTML === node.innerHTML) continue
      if (isSelected(node)) again = true
      else replace(node, next)
    }
    status.textContent = 'live'
  } catch { status.textContent = stale }
  setTimeout(() => { waiting = false; if (again) { again = false; redraw() } }, 500)
}
const stream = new EventSource('/_emulator/events')
for (const type of ['call', 'change', 'fault', 'clock', 'reset', 'settings']) stream.addEventListener(type, redraw)
stream.onopen = () => { status.textContent = 'live'; redraw() }
stream.onerror = () => { status.textContent = stale }
`
