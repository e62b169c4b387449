/** @module Lets the error that ends a sign-in say where it was going, so that the page of it leads there by another sign-in. */
import { GatewayError } from '../../core/error.js'

/** `signInNext` is added to the details; `next` has been looked at when the sign-in began. */
export async function leadingBack<T>(next: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const { code, message, details } = error
    throw new GatewayError(code, message, { ...details, signInNext: next ?? '/' }, { cause: error.cause })
  }
}
