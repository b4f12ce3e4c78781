import { start } from 'node:repl'
import { text } from 'node:stream/consumers'
import { type AnyModel, avg, count, f, max, min, q, sum } from '../../db/index.ts'
import { findBusinessId } from '../find-business.ts'
import { modelsOf } from '../installed-app.ts'
import { commandContext, withProject } from '../open-project.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'

export interface ShellArguments {
  readonly code: string | null
  /** The slug of the business to work in. */
  readonly business: string | null
}

/** What code in the shell finds by name. */
type Names = Readonly<Record<string, unknown>>

/** Opens a prompt; runs the code that is given, or what comes in where nobody is at a terminal. */
export async function openShell(project: Project, { code, business }: ShellArguments): Promise<void> {
  await withProject(project, toolSettings(project), async (open) => {
    const businessId = business === null ? null : await findBusinessId(project, open, business)
    const models = Object.fromEntries(modelsOf(open.apps).map((model): [string, AnyModel] => [model.name, model]))
    const names = { ...EXPRESSIONS, ...models, ctx: commandContext(open.store, businessId), store: open.store }
    if (code !== null) return run(code, names)
    if (!process.stdin.isTTY) return run(await text(process.stdin), names)
    return prompt(names, Object.keys(models))
  })
}

/** What queries are written with. A model of such a name stands above it. */
const EXPRESSIONS = { avg, count, f, max, min, q, sum }

const AsyncFunction: FunctionConstructor = Object.getPrototypeOf(async () => {}).constructor

/** Runs code that may use `await`, as a module may. What it throws is shown with its trace. */
async function run(code: string, names: Names): Promise<void> {
  try {
    await AsyncFunction(...Object.keys(names), code)(...Object.values(names))
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}

function prompt(names: Names, models: readonly string[]): Promise<void> {
  console.log(`${models.length} models imported automatically: ${models.join(', ')}`)
  console.log('`ctx` reads and writes, as in: await ctx.query(Client).count()')
  console.log(`There are ${Object.keys(EXPRESSIONS).join(', ')} as well.`)
  const { promise, resolve } = Promise.withResolvers<void>()
  const repl = start({ prompt: '> ' })
  Object.assign(repl.context, names)
  repl.once('exit', () => resolve())
  return promise
}
