import { Field, foreignKey, type IdKind, isForeignKey } from '../fields/index.ts'
import type { AnyModel, Fields } from '../models/index.ts'
import { MigrationError } from './migration-error.ts'
import { frozenModel, partsOf, remakeModel, usualTable } from './remake-model.ts'

/** The models of a project at one point of its migrations. Never changed: each operation makes the next state. */
export class ProjectState {
  static readonly empty = new ProjectState([])
  readonly #models: ReadonlyMap<string, AnyModel>

  constructor(models: Iterable<AnyModel>) {
    this.#models = new Map(Array.from(models, (model) => [model.label, model]))
  }

  get models(): readonly AnyModel[] {
    return [...this.#models.values()]
  }

  find(label: string): AnyModel | undefined {
    return this.#models.get(label)
  }

  /** @throws {MigrationError} if there is no such model at this point */
  get(label: string): AnyModel {
    const model = this.#models.get(label)
    if (model) return model
    throw new MigrationError(`There is no model ${label} at this point of the migrations`)
  }

  adding(model: AnyModel): ProjectState {
    if (this.#models.has(model.label)) throw new MigrationError(`Cannot create model ${model.label}: it exists already`)
    return new ProjectState([...this.models, model])
  }

  replacing(model: AnyModel): ProjectState {
    this.get(model.label)
    return new ProjectState(this.models.map((other) => (other.label === model.label ? model : other)))
  }

  without(label: string): ProjectState {
    this.get(label)
    return new ProjectState(this.models.filter((model) => model.label !== label))
  }

  /** Gives a model another label; foreign keys to it follow. */
  relabelling(label: string, newLabel: string): ProjectState {
    const model = this.get(label)
    if (this.#models.has(newLabel)) throw new MigrationError(`Cannot rename ${label} to ${newLabel}: that one exists`)
    const parts = partsOf(model)
    const table = model.table === usualTable(label) ? usualTable(newLabel) : model.table
    const renamed = frozenModel(newLabel, { ...parts, table })
    const models = this.models.map((other) => (other === model ? renamed : other))
    return new ProjectState(models.map((other) => retargeted(other, label, newLabel)))
  }
}

function retargeted(model: AnyModel, label: string, newLabel: string): AnyModel {
  const pointsThere = (field: Field): boolean => isForeignKey(field.kind) && field.kind.targetLabel === label
  if (!Object.values(model.fields).some(pointsThere)) return model
  const fields: Fields = Object.fromEntries(
    Object.entries(model.fields).map(([name, field]) => [
      name,
      pointsThere(field) ? pointedElsewhere(field, newLabel) : field,
    ]),
  )
  return remakeModel(model, { fields })
}

function pointedElsewhere(field: Field, label: string): Field {
  if (!isForeignKey(field.kind)) return field
  const { kind } = foreignKey(label, { onDelete: field.kind.onDelete, id: foreignIdKind(field) })
  return new Field(kind, field.settings)
}

/** The kind of id that a foreign key holds. */
export function foreignIdKind(field: Field): IdKind {
  return field.kind.params.id === 'bigint' ? 'bigint' : 'uuid'
}
