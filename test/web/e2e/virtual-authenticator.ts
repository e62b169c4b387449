/** Passkeys in the browser: an authenticator that Chromium plays (WebDriver extension of WebAuthn Level 3 §11). */
import type { CDPSession, Page } from 'playwright-core'

export interface Authenticator {
  readonly cdp: CDPSession
  readonly id: string
}

/** An authenticator inside this computer that verifies its person, as Chromium plays it. */
export async function plugIn(page: Page): Promise<Authenticator> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { cdp, id: authenticatorId }
}

/** Without it nobody touches the key, so the browser offers no passkey by itself. */
export async function setPresence({ cdp, id }: Authenticator, enabled: boolean): Promise<void> {
  await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: id, enabled })
}
