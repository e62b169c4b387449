/**
 * @module A setting as it was written, before any rule: its value, where it stands, and the folder that
 * relative paths in it start from. Environment and file both deliver this form; `config.ts` judges it.
 */
import type { SettingPath } from './env.js'

export interface Setting {
  /** Text from the environment; text, boolean, number or list of text from the file. */
  readonly value: unknown
  /** The variable's name, or `FILE:LINE path` for the file: the start of every problem's text. */
  readonly where: string
  readonly baseDir: string
}

export type Settings = Partial<Record<SettingPath, Setting>>

/** One thing that is wrong, and how to mend it. */
export interface ConfigProblem {
  readonly where: string
  readonly message: string
}
