import { spawn } from 'node:child_process'
import { requireNoErrors } from '../checks/run-checks.ts'
import type { Project } from '../project.ts'
import { servingSettings } from '../project-settings.ts'
import { type Address, parseAddress } from './address.ts'
import { startServer, stopOnSignals } from './start.ts'

export interface RunServerArguments {
  readonly address: string | undefined
  readonly noreload: boolean
}

/** Serves for development. Unless it is told not to, it does so in a process that starts anew when a file changes. */
export async function runServer(project: Project, { address, noreload }: RunServerArguments): Promise<void> {
  const settings = servingSettings(project)
  const at = address === undefined ? settings.http : parseAddress(address, settings.http)
  if (noreload) return serveHere(project, at)
  return watch()
}

async function serveHere(project: Project, address: Address): Promise<void> {
  const settings = servingSettings(project)
  console.log('Performing system checks...\n')
  await requireNoErrors(project)
  const onNotice = (text: string) => console.log(`\n${text}`)
  const started = await startServer(project, { settings, address, onNotice })
  stopOnSignals(started)
  console.log(`\n${new Date().toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'medium' })}`)
  console.log(
    `${project.info.title} ${project.info.version}, Node ${process.versions.node}, ${settings.database.dialect}`,
  )
  console.log(`Starting development server at ${started.url}`)
  console.log('Quit the server with CONTROL-C.')
}

/** Node itself watches every file that the server has loaded. */
function watch(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const [, script = '', ...given] = process.argv
  const options = [...process.execArgv, '--watch', '--watch-preserve-output']
  const child = spawn(process.execPath, [...options, script, ...given, '--noreload'], { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal))
  child.once('error', reject)
  child.once('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 0
    resolve()
  })
  return promise
}
