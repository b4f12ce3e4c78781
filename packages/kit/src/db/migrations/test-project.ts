import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe } from 'node:test'
import {
  type Database,
  type DriverValue,
  EVERY_BUSINESS,
  type RawValue,
  type TestDatabase,
  testDatabases,
} from '../dialects/index.ts'
import { type AnyModel, withThroughModels } from '../models/index.ts'
import { type MakeMigrationsOptions, type MakeMigrationsOutcome, makeMigrations } from './commands/make-migrations.ts'
import { type MigrateOptions, type MigrateOutcome, migrate } from './commands/migrate.ts'
import type { MigrationApp } from './history/index.ts'

/** Stands in for the package's name, which nothing outside the workspace can be resolved by. */
export const IMPORT_FROM = new URL('./test-door.ts', import.meta.url).href

/** A project in a folder of its own, whose models change as a test goes on. */
export class TestProject {
  readonly folder: string
  #models: readonly AnyModel[] = []
  readonly #appNames = new Set<string>()

  constructor(folder: string) {
    this.folder = folder
  }

  static async create(): Promise<TestProject> {
    return new TestProject(await mkdtemp(join(tmpdir(), 'bw-project-')))
  }

  get apps(): MigrationApp[] {
    return [...this.#appNames].map((name) => ({
      name,
      models: this.#models.filter((model) => model.app === name),
      folder: join(this.folder, name, 'migrations'),
      importFrom: IMPORT_FROM,
    }))
  }

  /** Makes these the models of the project. */
  declare(...models: readonly AnyModel[]): this {
    this.#models = withThroughModels(models)
    for (const { app } of models) this.#appNames.add(app)
    return this
  }

  /** What may lose rows is confirmed, unless a test is about that. */
  make(options: Partial<MakeMigrationsOptions> = {}): Promise<MakeMigrationsOutcome> {
    return makeMigrations({ apps: this.apps, confirm: true, ...options })
  }

  migrate(database: Database, options: Partial<MigrateOptions> = {}): Promise<MigrateOutcome> {
    return migrate({ database, apps: this.apps, ...options })
  }

  /** Writes a migration by hand: the operations' source. */
  async write(app: string, name: string, { imports, options }: HandWritten): Promise<void> {
    this.#appNames.add(app)
    const folder = join(this.folder, app, 'migrations')
    await mkdir(folder, { recursive: true })
    const names = ['migration', ...imports].join(', ')
    await writeFile(
      join(folder, `${name}.ts`),
      `import { ${names} } from '${IMPORT_FROM}'\nexport default migration({ ${options} })\n`,
    )
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

export interface HandWritten {
  readonly imports: readonly string[]
  readonly options: string
}

/** What each test of a dialect has: a project without models, and a database without tables. */
export interface Bench {
  readonly project: TestProject
  readonly database: Database
  readonly test: TestDatabase
  run(sql: string, params?: readonly DriverValue[]): Promise<RawValue[][]>
  /** A database beside it. */
  another(): Promise<TestDatabase>
}

/** Declares the same tests for every database at hand. `withBench` gives each a fresh start and clears up behind it. */
export function onEachDatabase(
  title: string,
  declare: (withBench: (work: (bench: Bench) => Promise<void>) => () => Promise<void>) => void,
): void {
  for (const source of testDatabases()) {
    describe(`${title} (${source.name})`, () => {
      const opened: TestDatabase[] = []
      const open = async (): Promise<TestDatabase> => {
        const test = await source.create()
        opened.push(test)
        return test
      }
      after(async () => {
        for (const test of opened) await test.drop()
      })
      declare((work) => async () => {
        const test = await open()
        const project = await TestProject.create()
        try {
          await work({ project, test, database: test.database, run: runner(test.database), another: open })
        } finally {
          await project.remove()
        }
      })
    })
  }
}

function runner(database: Database) {
  return async (sql: string, params: readonly DriverValue[] = []): Promise<RawValue[][]> => {
    let count = 0
    const text = database.dialect === 'postgresql' ? sql.replaceAll('?', () => `$${++count}`) : sql
    const { rows } = await database.within(EVERY_BUSINESS).execute({ sql: text }, params)
    return rows
  }
}
