import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { foreignKey, integer, text } from '../../fields/index.ts'
import { model } from '../../models/index.ts'
import { TestProject } from '../test-project.ts'
import { sqlMigrate } from './sql-migrate.ts'

const person = (fields = {}) =>
  model('crm.Person', {
    scope: 'business',
    fields: {
      name: text({ max: 40, unique: true }),
      boss: foreignKey('crm.Person', { onDelete: 'set null' }).optional(),
      ...fields,
    },
  })

describe('sqlmigrate', () => {
  let project: TestProject
  before(async () => {
    project = await TestProject.create()
    await project.declare(person()).make()
    await project.declare(person({ age: integer().default(1) })).make()
    await project.write('crm', '0003_script', {
      imports: ['runScript', 'runSql'],
      options: `dependencies: [['crm', '0002_person_age']], operations: [runScript(() => {}), runSql({ sqlite: 'select 1' }, [])]`,
    })
  })
  after(() => project.remove())
  const sql = async (dialect: 'sqlite' | 'postgresql' | 'mysql', name: string, more = {}) =>
    (await sqlMigrate({ dialect, apps: project.apps, app: 'crm', name, ...more })).join('\n')

  it('prints what creates a table on PostgreSQL', async () => {
    const policy = `business_id = (select nullif(nullif(current_setting('app.business', true), ''), '*')::uuid) or (select current_setting('app.business', true) = '*')`
    assert.equal(
      await sql('postgresql', '0001'),
      `BEGIN;
set local app.business = '*';
--
-- Create model Person
--
create table "crm_person" (
  "id" uuid not null,
  "business_id" uuid not null,
  "name" varchar(40) collate "C" not null,
  "boss_id" uuid,
  "created_at" timestamptz(6) not null,
  "created_by" uuid,
  "updated_at" timestamptz(6) not null,
  "updated_by" uuid,
  "deleted_at" timestamptz(6),
  "deleted_by" uuid,
  "deletion_id" uuid,
  primary key ("business_id", "id"),
  constraint "crm_person_boss_id_fk" foreign key ("business_id", "boss_id") references "crm_person" ("business_id", "id")
);
create unique index "crm_person_name_uniq" on "crm_person" ("business_id", "name") where deleted_at is null;
create index "crm_person_boss_id_idx" on "crm_person" ("business_id", "boss_id");
create policy bailiwick_rows on "crm_person" using (${policy}) with check (${policy});
alter table "crm_person" enable row level security, force row level security;
COMMIT;`,
    )
  })

  it('prints what creates a table on MySQL and on MariaDB, without a transaction that they would not keep to', async () => {
    const id = 'char(36) character set ascii collate ascii_bin'
    const table = `--
-- Create model Person
--
create table \`crm_person\` (
  \`id\` ${id} not null,
  \`business_id\` ${id} not null,
  \`name\` varchar(40) not null,
  \`boss_id\` ${id} null,
  \`created_at\` datetime(6) not null,
  \`created_by\` ${id} null,
  \`updated_at\` datetime(6) not null,
  \`updated_by\` ${id} null,
  \`deleted_at\` datetime(6) null,
  \`deleted_by\` ${id} null,
  \`deletion_id\` ${id} null,
  \`is__alive\` tinyint generated always as (if(deleted_at is null, 1, null)) virtual,
  primary key (\`business_id\`, \`id\`),
  unique index \`crm_person_name_uniq\` (\`business_id\`, \`name\`, \`is__alive\`),
  index \`crm_person_boss_id_idx\` (\`business_id\`, \`boss_id\`),
  constraint \`crm_person_boss_id_fk\` foreign key (\`business_id\`, \`boss_id\`) references \`crm_person\` (\`business_id\`, \`id\`)
) engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=`
    assert.equal(await sql('mysql', '0001', { version: '8.4.2' }), `${table}utf8mb4_0900_bin;`)
    assert.equal(await sql('mysql', '0001', { version: '10.11.6-MariaDB' }), `${table}utf8mb4_nopad_bin;`)
  })

  it('prints the filling of rows, and the way back', async () => {
    assert.equal(
      await sql('postgresql', '0002_person_age'),
      `BEGIN;
set local app.business = '*';
--
-- Add field age to person
--
alter table "crm_person" add column "age" integer not null default 1;
alter table "crm_person" alter column "age" drop default;
COMMIT;`,
    )
    assert.equal(
      await sql('mysql', '0002', { backwards: true }),
      '--\n-- Add field age to person\n--\nalter table `crm_person` drop column `age`;',
    )
    assert.match(await sql('sqlite', '0002'), /insert into "new__crm_person" .* select .*, 1, .* from "crm_person";/)
  })

  it('says that a backslash is a character like any other, where MySQL may not take it for one', async () => {
    const apart = await TestProject.create()
    const Path = model('crm.Path', { scope: 'global', reason: 'a test', fields: {}, comment: 'C:\\' })
    await apart.declare(Path).make()
    const [first = '', ...rest] = await sqlMigrate({ dialect: 'mysql', apps: apart.apps, app: 'crm', name: '0001' })
    await apart.remove()
    assert.equal(first, "set sql_mode = concat(@@sql_mode, ',no_backslash_escapes');")
    assert.match(rest.join(' '), /comment='C:\\'/)
  })

  it('says what is no SQL, and what has nothing to do', async () => {
    assert.equal(
      await sql('postgresql', '0003'),
      `BEGIN;
set local app.business = '*';
--
-- Raw script operation
--
-- THIS OPERATION CANNOT BE WRITTEN AS SQL
--
-- Raw SQL operation
--
-- (no-op)
COMMIT;`,
    )
  })
})
