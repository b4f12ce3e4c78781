import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId, systemClock } from '../../base/index.ts'
import type { Database } from '../dialects/index.ts'
import { text } from '../fields/index.ts'
import { type AnyModel, createRegistry, model } from '../models/index.ts'
import { createContext, createStore } from '../query/index.ts'
import { schemaDifferences } from './introspection/index.ts'
import { onEachDatabase } from './test-project.ts'

const BUSINESS = newId()
const name = text({ max: 60 })
const number = () => text({ max: 30 })

const client = (fields: AnyModel['fields']) => model('clients.Client', { scope: 'business', fields })

/** The releases of an app in which `phone` becomes `mobile`, and required: see docs/how-to/change-a-live-table.md. */
const RELEASES = {
  first: client({ name, phone: number().optional() }),
  added: client({ name, phone: number().optional(), mobile: number().optional() }),
  required: client({ name, phone: number().optional(), mobile: number() }),
  last: client({ name, mobile: number() }),
}

/** Requests of one release, one after another, until they are stopped. A process is still at it while the next begins. */
class Server {
  readonly #served: Promise<number>
  #isStopped = false

  constructor(database: Database, release: AnyModel, values: Readonly<Record<string, string>>) {
    this.#served = this.#serve(database, release, values)
  }

  async #serve(database: Database, release: AnyModel, values: Readonly<Record<string, string>>): Promise<number> {
    const store = createStore({ database, registry: createRegistry([release]), clock: systemClock })
    const clients = createContext(store, { actor: null, business: BUSINESS, requestId: 'live' }).query(release)
    for (let served = 0; ; served += 1) {
      const { id } = await clients.create({ name: 'Asha', ...values })
      await clients.filter({ id }).update({ name: 'Asha Ali' })
      assert.equal((await clients.get(id)).name, 'Asha Ali')
      if (served % 5 === 4) await clients.filter({ id }).delete()
      if (this.#isStopped && served > 5) return served
      await sleep(1)
    }
  }

  stop(): Promise<number> {
    this.#isStopped = true
    return this.#served
  }
}

const BACK_FILL = `runScript(
  async ({ ctx, models }) => {
    const clients = ctx.query(models.get('clients.Client')).withDeleted()
    for (;;) {
      const { rows } = await clients.filter({ mobile: null }).page({ size: 50 })
      if (rows.length === 0) return
      for (const { id, phone } of rows) await clients.filter({ id }).update({ mobile: phone ?? 'unknown' })
    }
  },
  () => {},
)`

onEachDatabase('a live table', (withBench) => {
  it(
    'gets a field in the place of another, filled and required, with not one request refused',
    withBench(async ({ project, database, run }) => {
      const migrate = async (release: AnyModel, options = {}) => {
        await project.declare(release).make(options)
        await project.migrate(database)
      }
      await migrate(RELEASES.first)
      const first = new Server(database, RELEASES.first, { phone: '17000000' })
      await sleep(20)
      await migrate(RELEASES.added)
      const added = new Server(database, RELEASES.added, { phone: '17000000', mobile: '17000000' })
      await first.stop()
      await project.write('clients', '0003_fill', {
        imports: ['runScript'],
        options: `atomic: false, dependencies: [['clients', '0002_client_mobile']], operations: [${BACK_FILL}]`,
      })
      await project.migrate(database)
      await migrate(RELEASES.required)
      const last = new Server(database, RELEASES.last, { mobile: '17000000' })
      await added.stop()
      await migrate(RELEASES.last)
      assert.ok((await last.stop()) > 5)
      assert.deepEqual(await schemaDifferences(database, database.dialect, [RELEASES.last]), [])
      const [[count, filled] = []] = await run(
        "select count(*), sum(case when mobile = '17000000' then 1 else 0 end) from clients_client",
      )
      assert.ok(Number(count) > 15)
      assert.equal(Number(filled), Number(count))
    }),
  )
})
