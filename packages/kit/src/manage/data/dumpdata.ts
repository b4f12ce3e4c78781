import { dumpRecords, TransferError, transferOrder, withNaturalKeys } from '../../db/index.ts'
import { CommandError } from '../command-error.ts'
import { findBusinessId } from '../find-business.ts'
import { commandContext, withProject } from '../open-project.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'
import { modelsByLabel } from './chosen-models.ts'
import { formatted, writeTexts } from './record-output.ts'

export interface DumpArguments {
  readonly format: 'json' | 'jsonl'
  readonly indent?: number
  readonly exclude: readonly string[]
  readonly all?: boolean
  readonly pks?: string
  readonly naturalForeign?: boolean
  readonly naturalPrimary?: boolean
  readonly business?: string
  readonly output?: string
}

/** Writes the rows of a project as they are at one moment. */
export async function dumpData(project: Project, labels: readonly string[], given: DumpArguments): Promise<void> {
  await withProject(project, toolSettings(project), async (open) => {
    const { registry } = open.store
    const ctx = commandContext(open.store)
    const wanted = labels.length > 0 ? modelsByLabel(registry, labels) : new Set(registry.models)
    const excluded = modelsByLabel(registry, given.exclude)
    const models = transferOrder(registry).models.filter((model) => wanted.has(model) && !excluded.has(model))
    const ids = given.pks?.split(',')
    if (ids && models.length !== 1) throw new CommandError('You can only use --pks option with one model')
    const business = given.business === undefined ? null : await findBusinessId(project, open, given.business)
    const { naturalForeign: isForeign = false, naturalPrimary: isPrimary = false, all = false } = given
    const options = { all, ...(ids && { ids }), ...(business !== null && { business }) }
    const dump = () =>
      ctx.transaction(
        (tx) =>
          tx.acrossBusinesses('manage dumpdata', (every) => {
            const records = dumpRecords(every, models, options)
            const named = isForeign || isPrimary ? withNaturalKeys(every, records, { isForeign, isPrimary }) : records
            return writeTexts(formatted(named, given), given.output)
          }),
        { isolation: 'repeatable read' },
      )
    await dump().catch((error: unknown) => {
      throw error instanceof TransferError ? new CommandError(error.message, { cause: error }) : error
    })
  })
}
