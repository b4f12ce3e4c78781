import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandError } from '../command-error.ts'
import type { Project } from '../project.ts'
import { runNode } from './run-node.ts'

/** Where `startproject` puts what `manage.ts` hands over. */
const PROJECT_FILE = 'core/project.ts'

/**
 * Attacks the project, and takes away its protections to see whether that is noticed. In a process of its own: nothing
 * that serves may reach what takes protections away.
 */
export async function runIsolation(project: Project, apps: readonly string[]): Promise<void> {
  const stray = apps.find((app) => !project.installedApps.includes(app))
  if (stray !== undefined) throw new CommandError(`No installed app with label '${stray}'.`, { exitCode: 2 })
  const file = join(project.root, PROJECT_FILE)
  if (!existsSync(file))
    throw new CommandError(`There is no ${PROJECT_FILE}: the attacks need the \`project\` that it exports.`)
  process.exitCode = await runNode(project.root, ['--disable-warning=ExperimentalWarning', entry(), file, ...apps])
}

/** The program beside this one, which is TypeScript in the sources and JavaScript in the package. */
function entry(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fileURLToPath(new URL(`../../testing/isolation/main.${extension}`, import.meta.url))
}
