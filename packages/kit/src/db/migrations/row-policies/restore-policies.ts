import type { Executor } from '../../dialects/index.ts'
import { type AnyModel, withThroughModels } from '../../models/index.ts'
import { introspect, rowSecurityProblem, type TableFacts, wantedTables } from '../introspection/index.ts'
import { holdRowsApart, letRowsGo, type RowPolicy, rowPolicyOf } from '../schema/index.ts'

/**
 * Puts every table of PostgreSQL under the policy that its model wants, where it is not. Those of shared models come
 * from here alone: they read a table that may be made long after theirs. What is not there yet is left for later.
 */
export async function restorePolicies(executor: Executor, declared: readonly AnyModel[]): Promise<void> {
  const models = withThroughModels(declared)
  const found = new Map((await introspect(executor, 'postgresql')).map((table) => [table.name, table]))
  const byLabel = new Map(models.map((model) => [model.label, model]))
  const target = (label: string): AnyModel | undefined => byLabel.get(label)
  const wanted = new Map(wantedTables(models, 'postgresql').map((table) => [table.name, table]))
  for (const model of models) {
    const policy = rowPolicyOf(model, required(target))
    const [want, has] = [wanted.get(model.table), found.get(model.table)]
    if (!policy || !want || !has || !canHold(policy, model, found)) continue
    if (rowSecurityProblem(want.rowSecurity, has.rowSecurity) === null) continue
    for (const sql of [...letRowsGo(model.table), ...holdRowsApart(model.table, policy)])
      await executor.execute({ sql })
  }
}

function required(find: (label: string) => AnyModel | undefined): (label: string) => AnyModel {
  return (label) => {
    const model = find(label)
    if (!model) throw new TypeError(`There is no model "${label}" to share by`)
    return model
  }
}

function canHold({ link }: RowPolicy, model: AnyModel, found: ReadonlyMap<string, TableFacts>): boolean {
  const hasColumns = (table: string, columns: readonly string[]): boolean => {
    const names = new Set(found.get(table)?.columns.map(({ name }) => name))
    return columns.every((column) => names.has(column))
  }
  const own = model.scope === 'business' ? ['business_id'] : ['id']
  return hasColumns(model.table, own) && (link === null || hasColumns(link.table, link.columns))
}
