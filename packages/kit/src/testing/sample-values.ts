import { type AnyModel, type Column, isForeignKey, type Registry } from '../db/index.ts'
import type { Named } from '../manage/index.ts'
import type { TestProject } from './test-project.ts'

type SampleApp = Pick<TestProject, 'store' | 'context' | 'make'>

export type SampleRow = Readonly<Record<string, unknown>> & { readonly id: string | bigint }

/** Rows that are made up from their model alone: valid, and never twice the same. */
export class Samples {
  readonly #app: SampleApp
  #count = 0

  constructor(app: SampleApp) {
    this.#app = app
  }

  /** A row that the business sees: one that is there, or else a new one. */
  async rowOf(business: Named, model: AnyModel): Promise<SampleRow> {
    const found = await this.#app.context(business).query(model).first()
    return found ? asRow(found) : this.newRow(business, model)
  }

  /** A new row in the business, with the rows that it needs. */
  async newRow(business: Named, model: AnyModel): Promise<SampleRow> {
    const ctx = this.#app.context(business)
    const { registry } = this.#app.store
    // A member cannot be made without an account, which no other member of the business has yet.
    if (isMembership(registry, model)) {
      await this.#app.make.user({ business })
      return this.rowOf(business, model)
    }
    const values: Record<string, unknown> = {}
    for (const column of model.columns.values()) {
      if (column.origin !== 'declared') continue
      values[column.name] = isForeignKey(column.kind)
        ? (await this.rowOf(business, registry.target(column))).id
        : this.value(column)
    }
    // as: each value is one that its field takes
    return asRow(await ctx.query(model).create(values as never))
  }

  /** A value that the field takes; a text is one of a kind, so that it can be looked for. */
  value({ kind }: Pick<Column, 'kind'>): unknown {
    const word = `zq${(++this.#count).toString().padStart(4, '0')}`
    switch (kind.name) {
      case 'text':
      case 'longText':
        return fitted(word, kind.params)
      case 'slug':
        return word
      case 'email':
        return `${word}@isolation.test`
      case 'url':
        return `https://isolation.test/${word}`
      case 'file':
      case 'image':
        return `${word}${extensionOf(String(kind.example))}`
      default:
        return kind.example
    }
  }
}

/** Whether rows of the model let a business see rows that belong to none. */
function isMembership({ models }: Registry, model: AnyModel): boolean {
  return models.some(({ sharedThrough }) => {
    const through = sharedThrough?.().model
    return through === model || through === model.label
  })
}

// as: every row has the id of its model's kind
const asRow = (row: object): SampleRow => row as SampleRow

const extensionOf = (key: string): string => (key.includes('.') ? key.slice(key.lastIndexOf('.')) : '')

function fitted(word: string, { min, max }: Column['kind']['params']): string {
  return word.padEnd(Number(min ?? 0), 'x').slice(-Number(max ?? 200))
}
