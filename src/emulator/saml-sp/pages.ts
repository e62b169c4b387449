/**
 * @module The pages of the access portal, in our own design: failure, sign-out, the form that carries an
 * AuthnRequest by POST, and the portal itself.
 */
import type { Response } from 'express'
import { formatTime } from '../context.js'
import { escapeHtml, sendPage } from '../html.js'
import type { PortalSession } from '../state/sign-in.js'
import type { PortalAccount } from '../state/state.js'
import type { User } from '../state/user.js'
import { messages, type MessageId } from './messages.js'

const banner = '<p>AWS access portal <span class="soft">(emulator)</span></p>'

/** What AWS shows when a sign-in fails. `note` tells an administrator where the cause is. */
export function sendFailurePage(res: Response, status: number, says: MessageId, note: string): void {
  const { title, text } = messages[says]
  sendPage(res, {
    status,
    title: `${title} - AWS access portal (emulator)`,
    body: `<header>${banner}</header>
<main><h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
<p class="soft">For the administrator: ${escapeHtml(note)}</p>
<p><a href="/start">Go to the start page</a></p></main>`,
  })
}

/** A page of plain words with one way on. */
export function sendNoticePage(res: Response, status: number, title: string, text: string): void {
  sendPage(res, {
    status,
    title: `${title} - AWS access portal (emulator)`,
    body: `<header>${banner}</header>
<main><h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
<p><a href="/start">Go to the start page</a></p></main>`,
  })
}

/** SAML Bindings 3.5.4: a form that posts itself, with a button where scripts do not run. */
export function sendPostForm(res: Response, action: string, fields: Readonly<Record<string, string>>): void {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  )
  sendPage(res, {
    status: 200,
    title: 'Sign in - AWS access portal (emulator)',
    formAction: new URL(action).origin,
    script: 'document.forms[0].submit()',
    body: `<header>${banner}</header>
<main><h1>Taking you to your sign-in page</h1>
<form method="post" action="${escapeHtml(action)}">${inputs.join('')}
<button type="submit">Continue to sign in</button></form></main>`,
  })
}

export function sendPortalPage(
  res: Response,
  user: User,
  session: PortalSession,
  accounts: readonly PortalAccount[],
): void {
  const list = accounts.map(renderAccount).join('\n')
  const empty = `<p>You do not have access to any AWS accounts yet. Ask your administrator for an account assignment.</p>`
  sendPage(res, {
    status: 200,
    title: 'AWS access portal (emulator)',
    script: openRole,
    body: `<header>${banner}
<p class="spread">${escapeHtml(user.displayName ?? user.userName)} <span class="soft">${escapeHtml(user.userName)}</span></p>
<form method="post" action="/start/sign-out"><button type="submit">Sign out</button></form></header>
<main><h1>AWS accounts (${accounts.length})</h1>
<p class="soft">Signed in until <time datetime="${formatTime(session.expiresAt)}">${formatTime(session.expiresAt)}</time></p>
<p id="role" role="status"></p>
${accounts.length === 0 ? empty : `<ul>\n${list}\n</ul>`}</main>`,
  })
}

function renderAccount({ account, permissionSets }: PortalAccount): string {
  const sets = permissionSets.map((set) => {
    const query = `account_id=${account.id}&role_name=${encodeURIComponent(set.name)}`
    const label = `${set.name} in ${account.name}`
    return `<li><a href="/start/#/console?${escapeHtml(query)}" aria-label="${escapeHtml(label)}">${escapeHtml(set.name)}</a></li>`
  })
  return `<li class="account"><h2>${escapeHtml(account.name)}</h2>
<p class="soft">${escapeHtml(account.id)} | ${escapeHtml(account.email)}</p>
<ul class="sets">${sets.join('')}</ul></li>`
}

/** Deep links live in the fragment, which only the browser sees: say what AWS would open. */
const openRole = `
function openRole() {
  const query = new URLSearchParams(location.hash.split('?')[1] ?? '')
  const role = query.get('role_name'), account = query.get('account_id')
  if (!location.hash.startsWith('#/console') || !account) return
  document.getElementById('role').textContent =
    'AWS would now open the console of account ' + account + (role ? ' as ' + role : '') + '. The emulator has no console.'
}
addEventListener('hashchange', openRole)
openRole()
`
