import { createRegistry, keyProblems } from '../../db/index.ts'
import { CommandError } from '../command-error.ts'
import { type InstalledApp, loadApps, modelsOf } from '../installed-app.ts'
import type { Project } from '../project.ts'
import type { CheckMessage } from './check-message.ts'

export interface CheckedModels {
  /** Null if the models cannot be used. */
  readonly apps: readonly InstalledApp[] | null
  readonly messages: CheckMessage[]
}

/** Whether the apps load, their models fit together, and their keys fit into every database. */
export async function checkModels(project: Project): Promise<CheckedModels> {
  try {
    const apps = await loadApps(project)
    createRegistry(modelsOf(apps))
    const keys = keyProblems(modelsOf(apps)).map((text) => modelError('models.E034', text))
    return { apps, messages: keys }
  } catch (error) {
    // Declarations refuse by these what they cannot mean; anything else is a fault in code, to be seen with its trace.
    const isRefusal = error instanceof CommandError || error instanceof TypeError || error instanceof RangeError
    if (!isRefusal) throw error
    return { apps: null, messages: [modelError('models.E001', error.message)] }
  }
}

function modelError(id: string, text: string): CheckMessage {
  return { level: 'ERROR', id, object: 'models', text }
}
