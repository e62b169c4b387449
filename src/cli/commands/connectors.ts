/** @module `gatehouse connectors`: what belongs to connectors beside their documents. */
import type { Command } from 'commander'
import type { CliSurroundings } from '../cli.js'
import { addConnectorScimCommands } from './connectors-scim.js'

export function addConnectorsCommands(program: Command, surroundings: CliSurroundings): void {
  const connectors = program
    .command('connectors')
    .description(
      'identity providers through which people sign in: SCIM tokens of their directories, held changes',
    )
  addConnectorScimCommands(connectors, surroundings)
}
