import { type Clock, systemClock } from '../../../base/index.ts'
import {
  type BoundStatement,
  type Database,
  type DialectName,
  type DriverValue,
  EVERY_BUSINESS,
  type Executor,
  type Statement,
} from '../../dialects/index.ts'
import { Field, type ForeignKeyKind, isForeignKey } from '../../fields/index.ts'
import { type AnyModel, createRegistry, type Registry } from '../../models/index.ts'
import { type Context, createStore } from '../../query/index.ts'
import { createContextAcross } from '../../query/inner.ts'
import type { ProjectState } from '../project-state.ts'
import { remakeModel } from '../remake-model.ts'
import { transactionWithin } from './nested-transaction.ts'

/** What a script of `runScript` works with. */
export interface ScriptContext {
  /** Reads and writes the rows of all businesses; `ctx.inBusiness(id)` those of one. Nothing of it is audited. */
  readonly ctx: Context
  /** The models as they are at this point of the migrations: `models.get('clients.Client')`. */
  readonly models: Registry
  /** Runs SQL; inside the migration's transaction where the database has one. */
  readonly database: Executor
  readonly dialect: DialectName
  /** A model as it is at this point of the migrations. */
  model(label: string): AnyModel
}

/** What of a database a script needs beside the connection of its migration. */
export type ScriptDatabase = Pick<
  Database,
  'dialect' | 'version' | 'hasTransactionalDdl' | 'createQueryCompiler' | 'createAdapter'
>

export interface ScriptOptions {
  readonly executor: Executor
  readonly database: ScriptDatabase
  readonly clock?: Clock
}

export function scriptContext(
  state: ProjectState,
  { executor, database, clock = systemClock }: ScriptOptions,
): ScriptContext {
  const models = createRegistry(state.models.map(withoutReverseNames))
  const store = createStore({ database: databaseWithin(database, executor), registry: models, clock })
  const identity = { actor: null, business: null, requestId: 'migration' }
  return {
    ctx: createContextAcross(store, identity),
    models,
    database: executor.within(EVERY_BUSINESS),
    dialect: database.dialect,
    model: (label) => state.get(label),
  }
}

/** Migrations do not keep the names by which relations lead back, and those made of the models' could be the same. */
function withoutReverseNames(model: AnyModel): AnyModel {
  const fields = Object.entries(model.fields).map(([name, field]) => [name, withoutReverseName(field)])
  return remakeModel(model, { fields: Object.fromEntries(fields) })
}

function withoutReverseName(field: Field): Field {
  if (!isForeignKey(field.kind)) return field
  const kind: ForeignKeyKind = { ...field.kind, relatedName: false }
  return new Field(kind, field.settings)
}

/** The database as the connection of a migration sees it: what it begins is part of what is open there. */
function databaseWithin(database: ScriptDatabase, executor: Executor): Database {
  const refuse = (): never => {
    throw new TypeError('A script of a migration has one connection: it cannot open another, or close its own')
  }
  return {
    ...unprepared(executor),
    dialect: database.dialect,
    version: database.version,
    hasTransactionalDdl: database.hasTransactionalDdl,
    begin: () => transactionWithin(executor, unprepared),
    session: async () => refuse(),
    ping: async () => {},
    close: async () => refuse(),
    createQueryCompiler: () => database.createQueryCompiler(),
    createAdapter: () => database.createAdapter(),
  }
}

/** Nothing stays prepared: what it reads may have other columns by the next script. */
function unprepared(executor: Executor): Executor {
  const unnamed = ({ sql }: Statement): Statement => ({ sql })
  return {
    execute: (statement, params: readonly DriverValue[] = []) => executor.execute(unnamed(statement), params),
    pipeline: (items: readonly BoundStatement[]) =>
      executor.pipeline(items.map((item) => ({ ...item, statement: unnamed(item.statement) }))),
    within: (business) => unprepared(executor.within(business)),
  }
}
