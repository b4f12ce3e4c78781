/** One name of the environment that stops the start. */
export interface SettingProblem {
  readonly name: string
  /** What was seen; unset where the value is secret. */
  readonly seen?: string
  readonly wanted: string
}

/** The environment does not make sense. The message has a line for each bad name, and never a secret. */
export class SettingsError extends Error {
  readonly problems: readonly SettingProblem[]

  constructor(problems: readonly SettingProblem[]) {
    super(problems.map(describe).join('\n'))
    this.name = 'SettingsError'
    this.problems = problems
  }
}

function describe({ name, seen, wanted }: SettingProblem): string {
  return seen === undefined ? `${name}: wanted ${wanted}` : `${name}: got ${seen}, wanted ${wanted}`
}
