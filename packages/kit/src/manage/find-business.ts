import { CommandError } from './command-error.ts'
import { commandContext, type OpenProject } from './open-project.ts'
import type { Project } from './project.ts'

/** The id of the business of that slug. @throws {CommandError} if there is none */
export async function findBusinessId(project: Project, { store }: OpenProject, slug: string): Promise<string> {
  const accounts = await project.accounts()
  const business = await accounts.findBusiness(commandContext(store), slug)
  if (!business) throw new CommandError(`business '${slug}' does not exist`)
  return business.id
}
