export interface CommandErrorOptions {
  /** With which the process ends. */
  readonly exitCode?: number
  readonly cause?: unknown
}

/** Why a command cannot do what it was asked, in words for the person at the command line. Shown without a trace. */
export class CommandError extends Error {
  readonly exitCode: number

  constructor(message: string, { exitCode = 1, cause }: CommandErrorOptions = {}) {
    super(message, cause === undefined ? {} : { cause })
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}
