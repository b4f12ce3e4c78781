import { CommandError } from '../command-error.ts'

/** Whether there is somebody who can be asked. */
export const isAtTerminal = (): boolean => process.stdin.isTTY === true && process.stdout.isTTY === true

/** Asks for a line of text until there is one. @throws {CommandError} if it is called off */
export async function askText(message: string): Promise<string> {
  const { isCancel, text } = await import('@clack/prompts')
  const answer = await text({ message, validate: (given) => (given?.trim() ? undefined : 'This field is required.') })
  if (isCancel(answer)) throw new CommandError('Operation cancelled.')
  return answer.trim()
}

/** Asks for a password twice, until both are the same and `problemsOf` finds nothing wrong. @throws {CommandError} if it is called off */
export async function askPassword(problemsOf: (password: string) => readonly string[]): Promise<string> {
  const { isCancel, log, password } = await import('@clack/prompts')
  for (;;) {
    const first = await password({ message: 'Password' })
    const second = isCancel(first) ? first : await password({ message: 'Password (again)' })
    if (isCancel(first) || isCancel(second)) throw new CommandError('Operation cancelled.')
    const problems = first === second ? problemsOf(first) : ["Error: Your passwords didn't match."]
    if (problems.length === 0) return first
    for (const problem of problems) log.error(problem)
  }
}
