/**
 * @module Flags of `gatehouse emulator`: what each holds, and which of them contradict each other.
 */
import { invalidInput } from './error.js'
import type { SizeName } from './generate/size.js'
import type { Settings } from './settings.js'

export interface EmulatorFlags {
  readonly listen: string
  readonly org?: string
  readonly size?: SizeName
  readonly seed?: number
  readonly clock: 'real' | 'virtual'
  readonly limits?: 'on' | 'off'
  readonly verifySignatures?: boolean
  readonly issuerMap: readonly string[]
}

/** @throws EmulatorError `INVALID_INPUT` */
export function refuseContradictions(flags: EmulatorFlags): void {
  if (flags.org !== undefined && flags.size !== undefined) {
    throw invalidInput('--org and --size each name an organisation: give one of them')
  }
}

/**
 * @param settings those of the organisation
 * @throws EmulatorError `INVALID_INPUT` where signatures would be verified on a clock that no caller has
 */
export function refuseUnverifiable(flags: EmulatorFlags, settings: Settings): void {
  if (flags.clock === 'virtual' && (flags.verifySignatures === true || settings.verifySignatures)) {
    throw invalidInput(
      '--clock virtual does not go with verified signatures (--verify-signatures, or verifySignatures of the file): ' +
        "a signature carries its caller's real time, and is refused more than 15 minutes from the emulator's",
    )
  }
}
