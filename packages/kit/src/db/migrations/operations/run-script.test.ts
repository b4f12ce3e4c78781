import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newId } from '../../../base/index.ts'
import { foreignKey, integer, text } from '../../fields/index.ts'
import { type AnyModel, model } from '../../models/index.ts'
import { onEachDatabase } from '../test-project.ts'

const MOMENT = '2026-01-01 00:00:00'
const [ACME, GLOBEX] = [newId(), newId()]

function models(clientName: string): AnyModel[] {
  const Team = model('crm.Team', { scope: 'business', fields: { name: text({ max: 40 }) } })
  const Client = model('crm.Client', {
    scope: 'business',
    fields: {
      [clientName]: text({ max: 40 }),
      size: integer().default(0),
      team: foreignKey(() => Team, { onDelete: 'protect' }).optional(),
      second: foreignKey(() => Team, { onDelete: 'protect', relatedName: 'seconds' }).optional(),
    },
  })
  return [Team, Client]
}

const SCRIPT = `runScript(
  async ({ ctx, models }) => {
    const [Client, Team] = [models.get('crm.Client'), models.get('crm.Team')]
    await ctx.query(Client).filter({ name__startswith: 'A' }).update({ size: 7 })
    const businesses = new Set((await ctx.query(Client).all()).map((row) => row.business_id))
    for (const id of businesses) {
      const business = ctx.inBusiness(id)
      const team = await business.query(Team).create({ name: 'All' })
      await business.query(Client).update({ team: team.id })
    }
    await ctx.transaction(async (tx) => {
      await tx.query(Client).update({ size: 99 })
      throw new Error('undone')
    }).catch((error) => {
      if (error.message !== 'undone') throw error
    })
  },
  async ({ ctx, models }) => {
    await ctx.query(models.get('crm.Client')).update({ team: null })
    await ctx.query(models.get('crm.Team')).delete()
  },
)`

onEachDatabase('a script', (withBench) => {
  it(
    'queries the models of its time, of all businesses or inside one, there and back',
    withBench(async ({ project, database, run }) => {
      await project.declare(...models('name')).make()
      await project.migrate(database)
      for (const [business, name] of [
        [ACME, 'Asha'],
        [GLOBEX, 'Omar'],
      ] as const) {
        await run(
          'insert into crm_client (business_id, id, name, size, created_at, updated_at) values (?, ?, ?, 1, ?, ?)',
          [business, newId(), name, MOMENT, MOMENT],
        )
      }
      for (const [at, options] of [
        ['0002_script', ''],
        ['0003_again', 'atomic: false, '],
      ] as const) {
        const parent = at === '0002_script' ? '0001_initial' : '0002_script'
        await project.write('crm', at, {
          imports: ['runScript', 'renameField'],
          options: `${options}dependencies: [['crm', '${parent}']], operations: [${SCRIPT}]`,
        })
      }
      await project.write('crm', '0004_rename', {
        imports: ['renameField'],
        options: `dependencies: [['crm', '0003_again']], operations: [renameField('Client', 'name', 'title')]`,
      })
      await project.migrate(database)
      const rows = await run(
        'select c.title, c.size, t.name from crm_client c join crm_team t on t.business_id = c.business_id and t.id = c.team_id order by c.title',
      )
      assert.deepEqual(
        rows.map((row) => row.map(String)),
        [
          ['Asha', '7', 'All'],
          ['Omar', '1', 'All'],
        ],
      )
      assert.equal(String((await run('select count(*) from crm_team'))[0]?.[0]), '4')
      await project.migrate(database, { target: { app: 'crm', name: '0001' } })
      assert.equal(String((await run('select count(*) from crm_client where team_id is null'))[0]?.[0]), '2')
      assert.equal(String((await run('select count(*) from crm_team where deleted_at is null'))[0]?.[0]), '0')
    }),
  )
})
