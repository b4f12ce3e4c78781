export interface MigrationErrorOptions {
  /** With which the command ends: 1 unless Django's ends with another. */
  readonly exitCode?: number
  readonly cause?: unknown
}

/** Why migrations cannot be made, read or applied, in words for the engineer at the command line. */
export class MigrationError extends Error {
  readonly exitCode: number

  constructor(message: string, { exitCode = 1, cause }: MigrationErrorOptions = {}) {
    super(message, cause === undefined ? {} : { cause })
    this.name = 'MigrationError'
    this.exitCode = exitCode
  }
}
