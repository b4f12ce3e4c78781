import { ApiError } from '../../base/index.ts'
import { exportBusiness, importBusiness, TransferError } from '../../db/index.ts'
import { CommandError } from '../command-error.ts'
import { findBusinessId } from '../find-business.ts'
import { commandContext, withProject } from '../open-project.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'
import { readRecords } from './record-input.ts'
import { formatted, writeTexts } from './record-output.ts'

export interface BusinessExport {
  readonly output?: string
}

export interface BusinessImport {
  readonly slug: string
  readonly name?: string
}

/** Writes a business as it is at one moment, a record a line. */
export async function exportProjectBusiness(project: Project, slug: string, { output }: BusinessExport): Promise<void> {
  await withProject(project, toolSettings(project), async (open) => {
    const business = await findBusinessId(project, open, slug)
    await commandContext(open.store).transaction(
      (tx) =>
        tx.acrossBusinesses(`manage exportbusiness ${slug}`, (every) =>
          writeTexts(formatted(exportBusiness(every, business), { format: 'jsonl' }), output),
        ),
      { isolation: 'repeatable read' },
    )
  })
}

/** Makes a business and puts what was exported into it: all of it or nothing. */
export async function importProjectBusiness(project: Project, file: string, given: BusinessImport): Promise<void> {
  const accounts = await project.accounts()
  await withProject(project, toolSettings(project), async ({ store }) => {
    const { slug, name = slug } = given
    const load = () =>
      commandContext(store).transaction(async (tx) => {
        const { id } = await accounts.createBusiness(tx, { name, slug })
        return tx.acrossBusinesses(`manage importbusiness ${slug}`, (every) =>
          importBusiness(every, readRecords({ path: file, format: 'jsonl' }), { business: id }),
        )
      })
    const count = await load().catch((error: unknown) => {
      throw importError(file, error)
    })
    console.log(`Business '${slug}' has ${count} object(s) from '${file}'.`)
  })
}

function importError(file: string, error: unknown): unknown {
  if (error instanceof TransferError) return new CommandError(`Problem importing '${file}': ${error.message}`)
  if (!(error instanceof ApiError)) return error
  const reasons = Object.entries(error.errors).flatMap(([field, messages]) =>
    messages.map((text) => `${field}: ${text}`),
  )
  return new CommandError(reasons.join('\n') || error.message, { cause: error })
}
