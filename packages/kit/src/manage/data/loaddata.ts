import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type AnyModel, loadRecords, TransferError } from '../../db/index.ts'
import { CommandError } from '../command-error.ts'
import type { InstalledApp } from '../installed-app.ts'
import { commandContext, withProject } from '../open-project.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'
import { modelsByLabel } from './chosen-models.ts'
import { formatOfName, type RecordFormat, type RecordSource, readRecords } from './record-input.ts'

export interface LoadArguments {
  readonly format?: RecordFormat
  readonly ignorenonexistent?: boolean
  readonly exclude: readonly string[]
  readonly app?: string
}

/** Loads fixtures in one transaction. */
export async function loadData(project: Project, names: readonly string[], given: LoadArguments): Promise<void> {
  await withProject(project, toolSettings(project), async ({ apps, store }) => {
    const sources = names.map((name) => findFixture(apps, name, given))
    const excluded = modelsByLabel(store.registry, given.exclude)
    const options = { ignoresUnknown: given.ignorenonexistent ?? false }
    const load = () =>
      commandContext(store).transaction((tx) =>
        tx.acrossBusinesses('manage loaddata', async (every) => {
          let count = 0
          for (const source of sources) {
            const records = without(readRecords(source), excluded)
            count += await loadRecords(every, records, options).catch((error: unknown) => {
              throw fixtureError(source, error)
            })
          }
          return count
        }),
      )
    const count = await load()
    console.log(`Installed ${count} object(s) from ${sources.length} fixture(s)`)
  })
}

function fixtureError({ path }: RecordSource, error: unknown): unknown {
  if (!(error instanceof TransferError)) return error
  return new CommandError(`Problem installing fixture '${path}': ${error.message}`, { cause: error })
}

async function* without(records: AsyncIterable<unknown>, excluded: ReadonlySet<AnyModel>): AsyncGenerator<unknown> {
  const labels = new Set([...excluded].map(({ label }) => label.toLowerCase()))
  for await (const record of records) {
    const label = typeof record === 'object' && record !== null && 'model' in record ? String(record.model) : ''
    if (!labels.has(label.toLowerCase())) yield record
  }
}

/** A fixture by its path, or by its name among those of the apps. @throws {CommandError} if there is none, or none in a known format */
function findFixture(apps: readonly InstalledApp[], name: string, { format, app }: LoadArguments): RecordSource {
  if (name === '-') {
    if (!format) throw new CommandError('--format must be specified when reading from stdin.')
    return { path: name, format }
  }
  const folders = apps.filter((one) => app === undefined || one.name === app).map(({ home }) => join(home, 'fixtures'))
  if (app !== undefined && folders.length === 0) throw new CommandError(`No installed app with label '${app}'.`)
  const paths = [...(app === undefined ? [name] : []), ...folders.map((folder) => join(folder, name))]
  const found = paths.flatMap((path) => ENDINGS.map((ending) => path + ending)).find((path) => existsSync(path))
  const known = found === undefined ? null : (formatOfName(found) ?? format ?? null)
  if (found === undefined) throw new CommandError(`No fixture named '${name}' found.`)
  if (known === null)
    throw new CommandError(`'${name}' ends with no known format: wanted .json or .jsonl, or --format.`)
  return { path: found, format: known }
}

const ENDINGS = ['', '.json', '.jsonl', '.json.gz', '.jsonl.gz']
