/**
 * @module Which parts beyond the base were chosen for the script of a plugin, and the name of its role. AWS alone knows
 * what the role may do; this browser remembers what was asked for, so that a script that is run again takes nothing away.
 */
import { useState } from 'react'
import { setupScriptBlocks } from '../../api/contract/identity-center.js'

export type Block = (typeof setupScriptBlocks)[number]
export interface ScriptChoice {
  readonly blocks: readonly Block[]
  readonly roleName: string
}

const usual: ScriptChoice = { blocks: [], roleName: 'GatehouseIdentityCenter' }
const keyOf = (plugin: string) => `gatehouse.set-up-script.${plugin}`

/** What was chosen for this plugin here; the usual where nothing was, or where the browser keeps nothing. */
export function readChoice(plugin: string): ScriptChoice {
  try {
    return parseChoice(localStorage.getItem(keyOf(plugin)))
  } catch {
    return usual
  }
}

/** Anything may stand in the storage of a browser. */
export function parseChoice(text: string | null): ScriptChoice {
  if (text === null) return usual
  const [roleName = '', ...chosen] = text.split(' ')
  return {
    roleName: /^[\w+=,.@-]{1,64}$/.test(roleName) ? roleName : usual.roleName,
    blocks: setupScriptBlocks.filter((block) => chosen.includes(block)),
  }
}

export function formatChoice({ roleName, blocks }: ScriptChoice): string {
  return [roleName, ...blocks].join(' ')
}

/** The choice with what changes it; a browser that keeps nothing still shows it on this page. */
export function useScriptChoice(plugin: string): [ScriptChoice, (next: ScriptChoice) => void] {
  const [choice, setChoice] = useState(() => readChoice(plugin))
  return [
    choice,
    (next) => {
      setChoice(next)
      try {
        localStorage.setItem(keyOf(plugin), formatChoice(next))
      } catch {
        // Nothing is kept then, as in a private window.
      }
    },
  ]
}
