import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { bigInteger, boolean, datetime, type Field, foreignKey, integer, json, text } from '../../fields/index.ts'
import { type AnyModel, type Fields, manyToMany, model } from '../../models/index.ts'
import { testModels } from '../test-models.ts'
import { TestProject } from '../test-project.ts'

const scoped = (label: string, fields: Fields, more = {}): AnyModel =>
  model(label, { scope: 'business', fields, ...more })
const client = (fields: Fields = {}, more = {}) => scoped('clients.Client', { name: text(), ...fields }, more)
const pointing = (to: string): Field => foreignKey(to, { onDelete: 'protect', relatedName: false }).optional()

describe('makemigrations', () => {
  let project: TestProject
  beforeEach(async () => {
    project = await TestProject.create()
  })
  afterEach(() => project.remove())

  /** Declares models and makes their migrations: what each is called and does, and what it depends on. */
  async function made(...models: readonly AnyModel[]) {
    const { migrations, lines } = await project.declare(...models).make()
    return {
      lines: lines.filter((line) => line.startsWith('    - ')).map((line) => line.slice(6)),
      names: migrations.map(({ app, name }) => `${app}.${name}`),
      texts: migrations.map(({ text: written }) => written),
    }
  }

  const refusal = async (...models: readonly AnyModel[]) => {
    let refused = ''
    await assert.rejects(project.declare(...models).make(), (error: Error & { exitCode?: number }) => {
      assert.equal(error.exitCode, 3)
      refused = error.message
      return true
    })
    return refused
  }

  it('knows the model between two as any other, and a key to itself by its label', async () => {
    const Tag = scoped('clients.Tag', {})
    const fields = { parent: foreignKey('self', { onDelete: 'cascade' }).optional() }
    const Tagged = model('clients.Client', {
      scope: 'business',
      fields: { ...fields, tags: manyToMany(() => Tag, { relatedName: 'clients' }) },
    })
    const { lines, texts } = await made(Tag, Tagged)
    assert.deepEqual(lines, ['Create model Tag', 'Create model Client', 'Create model ClientTags'])
    assert.match(texts[0] ?? '', /parent: foreignKey\('clients\.Client', \{ onDelete: 'cascade' \}\)\.optional\(\)/)
    assert.match(texts[0] ?? '', /unique: \[\['client', 'tag'\]\]/)
    assert.deepEqual((await made(Tag, Tagged)).lines, [])
    assert.deepEqual((await made(Tag, scoped('clients.Client', fields))).lines, ['Delete model ClientTags'])
  })

  it('finds new models of all apps, and nothing the second time', async () => {
    project.declare(...testModels())
    const { lines, exitCode } = await project.make()
    assert.equal(exitCode, 0)
    assert.match(lines[1] ?? '', /account\/migrations\/0001_initial\.ts$/)
    assert.deepEqual(
      lines.map((line) => line.replace(/^ {2}\S.*\/(?=[^/]+$)/, '  ')),
      [
        "Migrations for 'account':",
        '  0001_initial.ts',
        '    - Create model User',
        '    - Create model Country',
        "Migrations for 'clients':",
        '  0001_initial.ts',
        '    - Create model Client',
        '    - Create model Ticket',
        '    - Create model Reply',
      ],
    )
    assert.deepEqual(await project.make(), { exitCode: 0, lines: ['No changes detected'], migrations: [] })
    const { lines: ofApp } = await project.make({ names: ['clients'] })
    assert.deepEqual(ofApp, ["No changes detected in app 'clients'"])
  })

  it('writes nothing with dryRun or check, and check ends with 1 if there is something to write', async () => {
    project.declare(client())
    assert.equal((await project.make({ dryRun: true })).exitCode, 0)
    assert.equal((await project.make({ check: true })).exitCode, 1)
    assert.deepEqual(await readdir(project.folder), [])
    await project.make()
    assert.equal((await project.make({ check: true })).exitCode, 0)
  })

  it('names a migration after what it does, as Django does', async () => {
    await made(client())
    assert.deepEqual((await made(client({ phone: text().optional() }))).names, ['clients.0002_client_phone'])
    assert.deepEqual((await made(client())).names, ['clients.0003_remove_client_phone'])
    assert.deepEqual((await made(client({}, { indexes: [['name', '-created_at']] }))).names, [
      'clients.0004_client_name_created_at_idx',
    ])
    const many = client({ a_first_long_name: text().optional(), a_second_long_name: text().optional() })
    assert.deepEqual((await made(many)).names, ['clients.0005_remove_client_name_created_at_idx_and_more'])
    assert.deepEqual((await project.declare(client()).make({ name: 'tidy_up' })).migrations[0]?.name, '0006_tidy_up')
    await assert.rejects(project.make({ name: '../x' }), /letters, digits and underscores/)
  })

  it('finds added, removed and altered fields, indexes and unique sets', async () => {
    await made(
      client({ city: text(), age: integer().optional(), code: text() }, { unique: [['code']], indexes: [['age']] }),
    )
    const { lines } = await made(
      client(
        { city: text({ max: 50 }), age: integer().default(0), vip: boolean().default(false) },
        { unique: [['name', 'city']], indexes: [['-age']] },
      ),
    )
    assert.deepEqual(lines, [
      'Remove unique set of field(s) code from client',
      'Remove index on field(s) age from client',
      'Remove field code from client',
      'Add field vip to client',
      'Alter field city on client',
      'Alter field age on client',
      'Create index on field(s) -age of model client',
      'Create unique set of field(s) name, city of model client',
    ])
    assert.deepEqual(
      (
        await made(
          client(
            { city: text({ max: 50 }), age: integer().default(0), vip: boolean().default(false) },
            { unique: [['name', 'city']], indexes: [['-age']] },
          ),
        )
      ).lines,
      [],
    )
  })

  it('does not care for what is only shown', async () => {
    await made(client({ city: text() }))
    const shown = client(
      { city: text({ label: 'Town', help: 'Where', readOnly: true, sensitive: true }) },
      { ordering: ['city'], display: 'city', verboseName: 'customer' },
    )
    assert.deepEqual((await made(shown)).lines, [])
  })

  it('refuses a field that rows have no value for, with exit code 3', async () => {
    await made(client({ city: text().optional() }))
    assert.equal(
      await refusal(client({ city: text().optional(), age: integer() })),
      "Field 'age' on model 'client' not migrated: it is impossible to add a non-nullable field without specifying a default.",
    )
    assert.equal(
      await refusal(client({ city: text().optional(), code: text({ unique: true }).default(() => 'x') })),
      "Field 'code' on model 'client' not migrated: it is impossible to add a non-nullable field without specifying a default that is the same for every row.",
    )
    assert.equal(
      await refusal(model('clients.Client', { scope: 'business', id: 'bigint', fields: { name: text() } })),
      "Model 'client' not migrated: it is impossible to change its id from 'uuid' to 'bigint'. Declare a new model, move the rows with runScript(), and delete this one.",
    )
  })

  it('lets a field get bounds that are narrower than its check still says, and the check after it', async () => {
    const limited = (max: number, at: number) =>
      client({ size: integer({ max }) }, { checks: { small: { size__lte: at } } })
    await made(limited(1_000_000, 1_000_000))
    const { lines } = await made(limited(1000, 1000))
    assert.ok(
      lines.some((line) => line.includes('check small')),
      lines.join(),
    )
    assert.deepEqual((await made(limited(1000, 1000))).names, [])
  })

  it('writes that what may lose or refuse rows is not confirmed, and with confirm that it is', async () => {
    await made(client({ city: text().optional(), fax: text() }, { softDelete: true }), scoped('clients.Old', {}))
    project.declare(client({ city: text() }, { unique: [['city']], checks: { named: { name__gt: 'A' } } }))
    const { lines, migrations, exitCode } = await project.make({ confirm: false, dryRun: true })
    assert.equal(exitCode, 0)
    assert.deepEqual(lines.slice(2), [
      '    - Remove field fax from client',
      '      ! its values are lost',
      '    - Alter field city on client',
      '      ! rows without a value are refused',
      '    - Create unique set of field(s) city of model client',
      '      ! values that are there more than once are refused',
      '    - Create check named on model client',
      '      ! rows that break it are refused',
      '    - Delete model Old',
      '      ! its rows are lost',
      "What is marked with ! may lose or refuse rows: 'migrate' will not begin until the operation says",
      '{ confirmed: true }. Write that into the file once you are sure, or make it so by --confirm.',
    ])
    assert.match(migrations[0]?.text ?? '', /addUnique\('Client', \['city'\], \{ confirmed: false \}\)/)
    const { lines: confirmed, migrations: sure } = await project.make({ dryRun: true })
    assert.equal(confirmed.filter((line) => line.includes('!')).length, 0)
    assert.match(sure[0]?.text ?? '', /deleteModel\('Old', \{ confirmed: true \}\)/)
  })

  it('asks the function of a default once, and writes what it gives', async () => {
    await made(client())
    const { texts } = await made(
      client({
        at: datetime().default(() => new Date('2026-01-31T09:30:00Z')),
        points: bigInteger().default(() => 2n ** 60n),
        tags: json().default(() => ['a']),
      }),
    )
    assert.match(texts[0] ?? '', /'at', datetime\(\), \{ fill: '2026-01-31 09:30:00' \}/)
    assert.match(texts[0] ?? '', /'points', bigInteger\(\), \{ fill: '1152921504606846976' \}/)
    assert.match(texts[0] ?? '', /'tags', json\(\), \{ fill: \['a'\] \}/)
  })

  it('replaces a field whose values mean nothing in its new kind, with the sets that it is in', async () => {
    await made(client({ owner: text().optional() }, { indexes: [['owner']] }), scoped('clients.Person', {}))
    const { lines } = await made(
      client({ owner: pointing('clients.Person') }, { indexes: [['owner']] }),
      scoped('clients.Person', {}),
    )
    assert.deepEqual(lines, [
      'Remove index on field(s) owner from client',
      'Remove field owner from client',
      'Add field owner to client',
      'Create index on field(s) owner of model client',
    ])
  })

  it('creates models that point at each other, adding one of the foreign keys afterwards', async () => {
    const { lines } = await made(
      scoped('crm.Team', { lead: pointing('crm.Person') }, { unique: [['lead']], indexes: [['lead']] }),
      scoped('crm.Person', { team: pointing('crm.Team'), boss: pointing('crm.Person') }),
    )
    assert.deepEqual(lines, ['Create model Person', 'Create model Team', 'Add field team to person'])
  })

  it('cuts an app in two where another has to come in between', async () => {
    const { names, texts } = await made(
      scoped('a.First', { second: pointing('b.Second') }),
      scoped('a.Third', {}),
      scoped('b.Second', { third: pointing('a.Third') }),
    )
    assert.deepEqual(names, ['a.0001_initial', 'b.0001_initial', 'a.0002_first'])
    assert.match(texts[1] ?? '', /dependencies: \[\['a', '0001_initial'\]\]/)
    assert.match(texts[2] ?? '', /\['a', '0001_initial'\],\n {4}\['b', '0001_initial'\],/)
    assert.deepEqual((await project.make()).lines, ['No changes detected'])
  })

  it('depends on the last migration of an app that it points into', async () => {
    await made(scoped('b.Second', {}))
    await made(scoped('b.Second', { name: text().optional() }))
    const { texts } = await made(
      scoped('b.Second', { name: text().optional() }),
      scoped('a.First', { second: pointing('b.Second') }),
    )
    assert.match(texts[0] ?? '', /dependencies: \[\['b', '0002_second_name'\]\]/)
  })

  it('makes what an app depends on as well, if one app is named', async () => {
    project.declare(scoped('a.First', { second: pointing('b.Second') }), scoped('b.Second', {}), scoped('c.Third', {}))
    const { migrations } = await project.make({ names: ['a'] })
    assert.deepEqual(
      migrations.map(({ app }) => app),
      ['b', 'a'],
    )
    await assert.rejects(project.make({ names: ['nosuch'] }), {
      message: "No installed app with label 'nosuch'.",
      exitCode: 2,
    })
  })

  it('deletes models behind what points to them, also in a circle', async () => {
    await made(
      client(),
      scoped('crm.Team', { lead: pointing('crm.Person') }),
      scoped('crm.Person', { team: pointing('crm.Team') }),
      scoped('crm.Note', { person: pointing('crm.Person') }),
    )
    const { lines } = await made(client(), scoped('crm.Note', {}))
    assert.deepEqual(lines.toSorted(), [
      'Delete model Person',
      'Delete model Team',
      'Remove field person from note',
      'Remove field team from person',
    ])
    assert.ok(lines.indexOf('Delete model Person') > lines.indexOf('Remove field person from note'))
    assert.ok(lines.indexOf('Delete model Team') > lines.indexOf('Remove field team from person'))
    assert.ok(lines.indexOf('Delete model Person') > lines.indexOf('Delete model Team'))
  })

  it('refuses keys that some database cannot hold, before anything is written', async () => {
    await assert.rejects(
      project.declare(client({ code: text({ max: 3000, unique: true }) })).make(),
      /every database takes/,
    )
    assert.deepEqual(await readdir(project.folder), [])
  })

  it('makes an empty migration to be filled in by hand', async () => {
    await made(client())
    const { migrations } = await project.make({ empty: true, names: ['clients'] })
    assert.equal(migrations[0]?.name, '0002_custom')
    assert.match(migrations[0]?.text ?? '', /operations: \[\],/)
    await assert.rejects(project.make({ empty: true }), /at least one app label/)
  })

  it('says what is wrong with the migrations that are there', async () => {
    await made(client())
    const folder = join(project.folder, 'clients', 'migrations')
    const refused = (message: RegExp) => assert.rejects(project.make(), message)
    const write = (name: string, options: string) => project.write('clients', name, { imports: ['addField'], options })
    await write('0002_a', `dependencies: [['clients', '0001_initial']], operations: []`)
    await write('0002_b', `dependencies: [['clients', '0001_initial']], operations: []`)
    await refused(
      /^MigrationError: Conflicting migrations detected; multiple leaf nodes in the migration graph: \(0002_a, 0002_b in clients\)\./,
    )
    await write(
      '0003_c',
      `dependencies: [['clients', '0002_a'], ['clients', '0002_b'], ['nosuch', '0001']], operations: []`,
    )
    await refused(/0003_c dependencies reference nonexistent parent node \('nosuch', '0001'\)/)
    await writeFile(join(folder, '0006_f.ts'), 'export default 5')
    await refused(/Migration 0006_f in app clients does not export default migration/)
    await writeFile(join(folder, '0000_g.ts'), 'nonsense ((')
    await refused(/Cannot read the migration .*0000_g/)
  })

  describe('with merge', () => {
    const branch = (name: string, operation: string) =>
      project.write('clients', name, {
        imports: ['addField', 'alterField', 'addIndex', 'text', 'integer'],
        options: `dependencies: [['clients', '0001_initial']], operations: [${operation}]`,
      })

    it('joins the branches of an app', async () => {
      await made(client())
      await branch('0002_a', "addField('Client', 'city', text().optional())")
      await branch('0002_b', "addField('Client', 'age', integer().optional()), addIndex('Client', ['name'])")
      await assert.rejects(project.make(), {
        message:
          "Conflicting migrations detected; multiple leaf nodes in the migration graph: (0002_a, 0002_b in clients).\nTo fix them run 'node manage.ts makemigrations --merge'",
      })
      const { lines, migrations, exitCode } = await project.make({ merge: true })
      assert.equal(exitCode, 0)
      assert.equal(migrations[0]?.name, '0003_merge_0002_a_0002_b')
      assert.match(migrations[0]?.text ?? '', /\['clients', '0002_a'\],\n {4}\['clients', '0002_b'\],/)
      assert.deepEqual(lines.slice(0, -1), [
        'Merging clients',
        '  Branch 0002_a',
        '    - Add field city to client',
        '  Branch 0002_b',
        '    - Add field age to client',
        '    - Create index on field(s) name of model client',
      ])
      assert.match(lines.at(-1) ?? '', /^Created new merge migration .*0003_merge_0002_a_0002_b\.ts$/)
      project.declare(client({ city: text().optional(), age: integer().optional() }, { indexes: [['name']] }))
      assert.deepEqual((await project.make()).lines, ['No changes detected'])
      assert.deepEqual((await project.make({ merge: true })).lines, ['No conflicts detected to merge.'])
    })

    it('refuses two branches that change the same field', async () => {
      await made(client())
      await branch('0002_a', "alterField('Client', 'name', text({ max: 300 }))")
      await branch('0002_b', "addIndex('Client', ['name'])")
      await assert.rejects(project.make({ merge: true }), {
        message:
          'Cannot merge clients: two branches change the same.\n  0002_a: Alter field name on client\n  0002_b: Create index on field(s) name of model client\nLet one of them depend on the other, and say in the later one what is to be done.',
      })
      assert.equal((await readdir(join(project.folder, 'clients', 'migrations'))).length, 3)
    })
  })

  describe('with update', () => {
    it('puts the changes into the latest migration, under the name that it has then', async () => {
      await made(client())
      await made(client({ city: text().optional() }))
      project.declare(client({ city: text({ max: 30 }).optional(), age: integer().optional() }))
      const { migrations } = await project.make({ update: true, unapplied: new Set(['clients.0002_client_city']) })
      assert.deepEqual(
        migrations.map(({ name }) => name),
        ['0002_client_city_client_age'],
      )
      assert.match(migrations[0]?.text ?? '', /addField\('Client', 'city', text\(\{ max: 30 \}\)\.optional\(\)\)/)
      const files = await readdir(join(project.folder, 'clients', 'migrations'))
      assert.deepEqual(files.sort(), ['0001_initial.ts', '0002_client_city_client_age.ts'])
      assert.deepEqual((await project.make()).lines, ['No changes detected'])
    })

    it('refuses a migration that is applied, and an app that has none', async () => {
      project.declare(client())
      await assert.rejects(project.make({ update: true }), /App clients has no migration, cannot update last migration/)
      await project.make()
      project.declare(client({ age: integer().optional() }))
      await assert.rejects(project.make({ update: true, unapplied: new Set() }), {
        message: "Cannot update applied migration 'clients.0001_initial'.",
      })
    })
  })
})
