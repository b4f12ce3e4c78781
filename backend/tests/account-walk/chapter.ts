import type { Site } from './site.ts'

/** Whoever the walk follows, and what they have got so far. */
export interface Walk {
  readonly site: Site
  /** What later chapters need of earlier ones. */
  readonly state: WalkState
}

export interface WalkState {
  email: string
  password: string
  access: string
  refresh: string
  /** The secret of the authenticator app, in Base32. */
  totpSecret: string
  recoveryCodes: string[]
}

/** A part of the walk, which becomes a section of the reference. */
export interface Chapter {
  readonly title: string
  /** What the section says before its examples. */
  readonly about: string
  readonly walk: (walk: Walk) => Promise<void>
}
