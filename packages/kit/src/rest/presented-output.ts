import {
  type AnyModel,
  type ModelShape,
  plainSpec,
  readRow,
  rowMembers,
  type SelectSpec,
  type Store,
} from '../db/index.ts'
import type { ModelOutput } from './model-output.ts'
import { represent } from './represent.ts'
import type { AnySerializer } from './serializer.ts'
import type { Present } from './viewset.ts'

export interface PresentedChoice {
  readonly model: AnyModel
  readonly present: Present<ModelShape>
  readonly serializer: AnySerializer
  /** Only these members; null for all. */
  readonly fields: ReadonlySet<string> | null
}

/** The output of a viewset that makes by itself what is shown: rows are read whole, and handed over all at once. */
export function presentedOutput(store: Store, { model, present, serializer, fields }: PresentedChoice): ModelOutput {
  const { columns } = plainSpec(model)
  const [plain = [], counted = []] = [false, true].map((hasCount) => {
    const spec: SelectSpec = { ...plainSpec(model), hasCount }
    return rowMembers(store.registry, spec)
  })
  return {
    columns,
    expansions: [],
    links: [],
    lists: [],
    json: () => {
      throw new TypeError(`${serializer.name} is presented, which takes a context`)
    },
    presentedJson: async (call, rows, hasCount) => {
      const read = rows.map((row) => readRow(row, hasCount ? counted : plain, store.database.dialect))
      const shown = await present(call.ctx, read as never, call) // as: rows of this model
      // as: objects of the serializer's fields
      const objects = await Promise.all(
        shown.map((object) => represent(serializer, object as Readonly<Record<string, unknown>>, fields)),
      )
      return objects.map((object) => JSON.stringify(object)).join()
    },
  }
}
