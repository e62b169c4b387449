/**
 * @module `GET /`: a look inside. The address is the state: a search, an account, a person, a group or a permission set
 * can be sent to a colleague on the same machine. It reads and never changes anything.
 */
import type { Request, Response, Router } from 'express'
import { ManualClock } from '../../lib/clock.js'
import { formatTime, type EmulatorContext } from '../context.js'
import { escapeHtml, sendPage } from '../html.js'
import { accountDetails, groupDetails, setDetails, userDetails, type Details } from './details.js'
import { linkTo, section } from './parts.js'
import {
  accountsSection,
  callsSection,
  limitsSection,
  requestsSection,
  tilesSection,
  troubleSection,
} from './sections.js'
import { inspectorScript, inspectorStyle } from './style.js'
import { search } from './views.js'

const details = { account: accountDetails, user: userDetails, group: groupDetails, set: setDetails }
const kinds = ['account', 'user', 'group', 'set'] as const
const words = { account: 'Accounts', set: 'Permission sets', group: 'Groups', user: 'People' }
const foundOfEachKind = 50

export function mountPage(router: Router, context: EmulatorContext): void {
  router.get('/', (req, res) => {
    context.settle()
    const page = Number(readText(req, 'page') ?? 1) || 1
    const query = readText(req, 'q')?.trim() ?? ''
    const kind = kinds.find((name) => readText(req, name) !== undefined)
    if (kind !== undefined) {
      const found = details[kind](context, readText(req, kind) ?? '', page)
      show(context, res, found ?? nothingThere(), query, found === undefined ? 404 : 200)
    } else if (query !== '') {
      show(context, res, searchResults(context, query), query, 200)
    } else {
      show(context, res, overview(context, page), '', 200)
    }
  })
}

function readText(req: Request, name: string): string | undefined {
  const value = req.query[name]
  return typeof value === 'string' ? value : undefined
}

function overview(context: EmulatorContext, page: number): Details {
  return {
    title: 'Overview',
    body: [
      tilesSection(context),
      troubleSection(context),
      requestsSection(context),
      limitsSection(context),
      callsSection(context),
      accountsSection(context, page),
    ].join('\n'),
  }
}

function searchResults({ state }: EmulatorContext, query: string): Details {
  const found = search(state, query, foundOfEachKind)
  const title = `“${query}”`
  if (found.length === 0) {
    const text = `Nothing has “${escapeHtml(query)}” in its name or id.`
    return { title, body: `<p class="empty">${text} <a href="/">Show everything</a></p>` }
  }
  const groups = (['account', 'set', 'group', 'user'] as const).map((kind) => {
    const links = found.filter((link) => link.kind === kind)
    if (links.length === 0) return ''
    const list = `<ul>${links.map((link) => `<li>${linkTo(link)}</li>`).join('\n')}</ul>`
    const all = links.length < foundOfEachKind
    return section(
      `found-${kind}`,
      words[kind],
      list,
      all ? `${links.length} found` : `the first ${links.length} are shown`,
    )
  })
  return { title, body: groups.join('\n') }
}

function nothingThere(): Details {
  const text = 'It may have been deleted, or the emulator was started anew.'
  return { title: 'Not there', body: `<p>${text} <a href="/">Show everything</a></p>` }
}

function show(
  context: EmulatorContext,
  res: Response,
  { title, body }: Details,
  query: string,
  status: number,
): void {
  const { instance } = context.state
  const clock =
    context.clock instanceof ManualClock ? `virtual clock, ${formatTime(context.clock.now())}` : 'real clock'
  sendPage(res, {
    status,
    title: `${title} - Identity Center (emulator)`,
    style: inspectorStyle,
    script: inspectorScript,
    fetches: true,
    body: `<header><p><a href="/">Identity Center emulator</a></p>
<span class="where">${escapeHtml(instance.region)} · ${escapeHtml(instance.identityStoreId)} · <span id="clock" data-live>${clock}</span></span>
<span class="spread"><a href="/start">Access portal</a> · <a href="/_emulator/state">State as JSON</a> · <span id="live" role="status">as of the moment it was opened</span></span></header>
<main><h1>${escapeHtml(title)}</h1>
<form class="search" role="search" action="/" method="get"><label for="q">Find an account, person, group or permission set</label>
<input id="q" name="q" type="search" value="${escapeHtml(query)}" autocomplete="off"><button type="submit">Find</button></form>
${body}</main>`,
  })
}
