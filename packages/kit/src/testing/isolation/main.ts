import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { testDatabases } from '../../db/index.ts'
import type { Project } from '../../manage/index.ts'
import { attackCount, attackSeed } from './attack-count.ts'
import { tryPlants } from './plants/try-plants.ts'
import { projectTarget } from './proof-target.ts'
import { prove } from './prove.ts'
import { plantLines, reportLines } from './report.ts'
import { SampleError } from './sample-error.ts'
import type { SuppliedSamples } from './samples.ts'

/** Beside `manage.ts`: what a project says that its fields take. */
const SAMPLES_FILE = 'isolation.ts'

/** What `node manage.ts test --isolation` runs: attacks on every database at hand, then plants. */
async function main([file = '', ...apps]: readonly string[]): Promise<number> {
  // as: the file by which a project hands itself over
  const { project } = (await import(pathToFileURL(file).href)) as { readonly project: Project }
  const target = projectTarget(project)
  const supplied = await suppliedSamples(project.root)
  const named = apps.length > 0 ? apps : null
  const seed = attackSeed(process.env)
  let isRed = false
  for (const source of testDatabases()) {
    const report = await prove({ target, source, attacks: attackCount(process.env, true), seed, apps: named, supplied })
    for (const line of reportLines(report)) console.log(line)
    if (report.attacks === 0) console.log('  There is no endpoint to attack.')
    isRed ||= report.leaks.length > 0 || report.attacks === 0
  }
  const [source] = testDatabases()
  if (!source) return 1
  const outcomes = await tryPlants({ target, source, seed, apps: named, supplied })
  for (const line of plantLines(outcomes)) console.log(line)
  return isRed || outcomes.some(({ verdict }) => verdict === 'missed') ? 1 : 0
}

async function suppliedSamples(root: string): Promise<SuppliedSamples> {
  const file = join(root, SAMPLES_FILE)
  if (!existsSync(file)) return {}
  const { samples } = (await import(pathToFileURL(file).href)) as { readonly samples?: unknown } // as: looked at below
  const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isMap(samples) && Object.values(samples as object).every(isMap)) return samples as SuppliedSamples // as: both levels are objects
  throw new SampleError(`${SAMPLES_FILE} must export \`samples\`, such as { 'shop.Product': { price: '10.00' } }`)
}

/** What somebody has to say is told in one line; whatever else goes wrong, with all that is known. */
async function codeOf(args: readonly string[]): Promise<number> {
  try {
    return await main(args)
  } catch (error) {
    if (!(error instanceof SampleError)) throw error
    console.error(error.message)
    return 1
  }
}

if (import.meta.main) process.exitCode = await codeOf(process.argv.slice(2))
