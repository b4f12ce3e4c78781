/** How bad it is, from the least to the most. */
export const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const

export type Level = (typeof LEVELS)[number]

/** One thing that a check has to say. */
export interface CheckMessage {
  readonly level: Level
  /** `admin.E108`: Django's where Django says the same. */
  readonly id: string
  /** What it is about: a model, a setting, an app. */
  readonly object: string
  readonly text: string
  readonly hint?: string
}

export function isAtLeast(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least)
}
