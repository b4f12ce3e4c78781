import { tryPlants } from '../packages/kit/src/testing/isolation/plants/try-plants.ts'
import { YARD } from '../packages/kit/src/testing/isolation/yard/yard.ts'
import { projectTarget } from '../packages/kit/src/testing/isolation/proof-target.ts'
import { project } from './core/project.ts'
import { PLANTS } from '../packages/kit/src/testing/isolation/plants/plants.ts'
import { testDatabases } from '../packages/kit/src/db/index.ts'
const [, , what, pattern = '', apps] = process.argv
const source = testDatabases()[0]!
const t = Date.now()
const out = await tryPlants({ target: what === 'yard' ? YARD : projectTarget(project), source, seed: 7, apps: apps ? [apps] : null, plants: PLANTS.filter(p => new RegExp(pattern).test(p.name)) })
for (const o of out) console.log(o.verdict.padEnd(7), o.name, '|', o.attacks, '|', o.by)
console.log((Date.now()-t)/1000, 's', out.filter(o => o.verdict === 'caught').length, '/', out.length)
