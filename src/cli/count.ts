/** @module Numbers in options. */
import { GatewayError } from '../core/error.js'

/** @throws GatewayError `INVALID_INPUT` that names the option. */
export function parseCount(option: string, text: string): number {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count > 0) return count
  throw new GatewayError('INVALID_INPUT', `${option}: "${text}" is not a positive whole number`)
}
