import { snakeCase } from '../../models/index.ts'
import type { Layout } from '../source/layout.ts'
import { array, call, object, pair, print } from '../source/layout.ts'
import { argumentLayout, stringText } from '../source/value-layout.ts'
import { type InspectedIndex, type InspectedKey, type InspectedModel, isInspectedKey } from './inspected-model.ts'

export interface ModelsSourceOptions {
  /** The app whose models they are to be. */
  readonly app: string
  readonly importFrom: string
}

/** The text of a `models.ts` for tables that are there already. */
export function modelsSource(models: readonly InspectedModel[], { app, importFrom }: ModelsSourceOptions): string {
  const names = modelNames(models, app)
  const printed = models.map((model) => modelText(model, { app, names, models }))
  const kinds = models.flatMap(({ fields }) =>
    Array.from(fields.values(), (field) => (isInspectedKey(field) ? 'foreignKey' : field.kind.name)),
  )
  const imported = [...new Set(['model', ...kinds])].sort((left, right) =>
    left.toLowerCase() < right.toLowerCase() ? -1 : 1,
  )
  const from = ` from ${stringText(importFrom)}`
  const imports = `import ${print(object(imported), { indent: 0, taken: 'import '.length + from.length })}${from}`
  return `${imports}\n\n${printed.join('\n\n')}\n`
}

interface Surroundings {
  readonly app: string
  readonly names: ReadonlyMap<string, string>
  readonly models: readonly InspectedModel[]
}

function modelText(model: InspectedModel, surroundings: Surroundings): string {
  const name = surroundings.names.get(model.table) ?? ''
  const start = `export const ${name} = `
  const body = print(modelLayout(model, surroundings), { indent: 0, taken: start.length })
  const head =
    model.notes.length === 0
      ? `/** The table ${model.table}. */`
      : `/**\n * The table ${model.table}.\n *\n${model.notes.map((note) => ` * - ${note.replaceAll('*/', '* /')}\n`).join('')} */`
  return `${head}\n${start}${body}`
}

function modelLayout(model: InspectedModel, { app, names, models }: Surroundings): Layout {
  const name = names.get(model.table) ?? ''
  const isUsual = model.table === `${app}_${name}`.toLowerCase()
  const fields = Array.from(model.fields, ([field, made]) =>
    pair(field, isInspectedKey(made) ? keyLayout(made, { app, names, models, model }) : argumentLayout(made)),
  )
  return call('model', [
    stringText(`${app}.${name}`),
    object(
      [
        pair('scope', stringText(model.isScoped ? 'business' : 'global')),
        ...(model.isScoped ? [] : [pair('reason', stringText('say why these rows belong to no business'))]),
        ...(model.isCounted ? [pair('id', stringText('bigint'))] : []),
        ...(isUsual ? [] : [pair('table', stringText(model.table))]),
        ...(model.isScoped && !model.hasSoftDelete ? [pair('softDelete', 'false')] : []),
        pair('fields', object(fields, true)),
        ...(model.unique.length === 0 ? [] : [pair('unique', array(model.unique.map(indexLayout)))]),
        ...(model.indexes.length === 0 ? [] : [pair('indexes', array(model.indexes.map(indexLayout)))]),
      ],
      true,
    ),
  ])
}

function keyLayout(
  key: InspectedKey,
  { app, names, models, model }: Surroundings & { readonly model: InspectedModel },
): Layout {
  const target = models.find(({ table }) => table === key.targetTable)
  const label = model === target ? 'self' : `${app}.${names.get(key.targetTable) ?? ''}`
  const options = [
    pair('onDelete', stringText('protect')),
    ...(target?.isCounted ? [pair('id', stringText('bigint'))] : []),
    ...(isNameFree(model, target, names) ? [] : [pair('relatedName', 'false')]),
  ]
  return call('foreignKey', [stringText(label), object(options)], key.isNullable ? [call('optional', [])] : [])
}

/** Whether the rows that point there can be called by the name of their model. */
function isNameFree(
  model: InspectedModel,
  target: InspectedModel | undefined,
  names: ReadonlyMap<string, string>,
): boolean {
  const pointing = [...model.fields.values()].filter(
    (field) => isInspectedKey(field) && field.targetTable === target?.table,
  )
  const reverse = snakeCase(names.get(model.table) ?? '')
  return pointing.length === 1 && target !== undefined && !target.fields.has(reverse)
}

function indexLayout({ fields, using, include, name }: InspectedIndex): Layout {
  if (using === 'btree' && include.length === 0 && name === null) return argumentLayout(fields)
  return argumentLayout({
    fields,
    ...(using === 'btree' ? {} : { using }),
    ...(include.length === 0 ? {} : { include }),
    ...(name === null ? {} : { name }),
  })
}

/** The names of models by their tables: `Customer` for `crm_customer` in the app `crm`, each once. */
function modelNames(models: readonly InspectedModel[], app: string): Map<string, string> {
  const names = new Map<string, string>()
  for (const { table } of models) {
    const bare = table.startsWith(`${app}_`) ? table.slice(app.length + 1) : table
    const words = bare.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
    const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
    const name = /^[A-Z]/.test(joined) ? joined : `Table${joined}`
    const taken = [...names.values()].filter((other) => other.replace(/_\d+$/, '') === name).length
    names.set(table, taken === 0 ? name : `${name}${taken + 1}`)
  }
  return names
}
