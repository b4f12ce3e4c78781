import { spawn } from 'node:child_process'

/** Runs Node in a folder with this process's input and output, and gives the exit code. Signals are passed on. */
export function runNode(cwd: string, given: readonly string[]): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const child = spawn(process.execPath, given, { cwd, stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal))
  child.once('error', reject).once('exit', (code) => resolve(code ?? 1))
  return promise
}
