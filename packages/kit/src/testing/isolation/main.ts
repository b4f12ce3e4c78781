import { pathToFileURL } from 'node:url'
import { testDatabases } from '../../db/index.ts'
import type { Project } from '../../manage/index.ts'
import { attackCount, attackSeed } from './attack-count.ts'
import { tryPlants } from './plants/try-plants.ts'
import { projectTarget } from './proof-target.ts'
import { prove } from './prove.ts'
import { plantLines, reportLines } from './report.ts'

/** What `node manage.ts test --isolation` runs: attacks on every database at hand, then plants. */
async function main([file = '', ...apps]: readonly string[]): Promise<number> {
  // as: the file by which a project hands itself over
  const { project } = (await import(pathToFileURL(file).href)) as { readonly project: Project }
  const target = projectTarget(project)
  const named = apps.length > 0 ? apps : null
  const seed = attackSeed(process.env)
  let isRed = false
  for (const source of testDatabases()) {
    const report = await prove({ target, source, attacks: attackCount(process.env, true), seed, apps: named })
    for (const line of reportLines(report)) console.log(line)
    if (report.attacks === 0) console.log('  There is no endpoint to attack.')
    isRed ||= report.leaks.length > 0 || report.attacks === 0
  }
  const [source] = testDatabases()
  if (!source) return 1
  const outcomes = await tryPlants({ target, source, seed, apps: named })
  for (const line of plantLines(outcomes)) console.log(line)
  return isRed || outcomes.some(({ verdict }) => verdict === 'missed') ? 1 : 0
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
