/**
 * @module Turns a step of a SAML sign-in into an Answer: a redirect to the page that asks for what is missing,
 * the refusal page, or the form that posts the Response.
 */
import { deviceStepPath, signInPath, stepUpPath } from '../core/saml/paths.js'
import type { SamlDeps, SignInStep } from '../service/saml/deps.js'
import type { Answer } from './route.js'

export function samlAnswer(deps: SamlDeps, step: SignInStep, retryUrl?: string): Answer {
  switch (step.step) {
    case 'continue':
      return { kind: 'redirect', location: continuePath(step.handle) }
    case 'sign_in':
      return { kind: 'redirect', location: signInPath(continuePath(step.handle), step.reauthenticate) }
    case 'step_up':
      return { kind: 'redirect', location: stepUpPath(step.handle) }
    case 'device':
      return { kind: 'redirect', location: deviceStepPath(step.handle) }
    case 'refused':
      return {
        kind: 'page',
        status: 403,
        data: { kind: 'refusal', ...words(step.refusal), ...(retryUrl !== undefined && { retryUrl }) },
      }
    case 'respond':
      return {
        kind: 'html',
        ...deps.saml.buildPostForm({
          acsUrl: step.acsUrl,
          samlResponseXml: step.xml,
          relayState: step.relayState,
          applicationName: step.serviceProvider.name,
          additionalFormActions: step.serviceProvider.launchUrls,
        }),
      }
  }
}

function words(refusal: Extract<SignInStep, { step: 'refused' }>['refusal']) {
  return { ...refusal, reasons: [...refusal.reasons], advice: [...refusal.advice] }
}

/** Our own page where a kept sign-in goes on. */
export function continuePath(handle: string): string {
  return `/saml/idp/continue?handle=${encodeURIComponent(handle)}`
}
