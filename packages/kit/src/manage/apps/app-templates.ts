import type { AppNames } from './app-names.ts'

/** The files of a new app, by their path inside it. They are laid out as the formatter leaves them. */
export function appFiles(names: AppNames): Readonly<Record<string, string>> {
  return {
    'models.ts': models(names),
    'serializers.ts': serializers(names),
    'services.ts': services(names),
    'permissions.ts': permissions(names),
    'views.ts': views(names),
    'urls.ts': urls(names),
    'admin.ts': admin(names),
    'migrations/.gitkeep': '',
    [`tests/${names.many.replaceAll('_', '-')}.test.ts`]: tests(names),
    'tests/isolation.test.ts': isolationTest(names),
  }
}

const models = ({
  app,
  model,
  one,
  many,
}: AppNames): string => `import { longText, model, type Row, type TableOf, text } from '@bailiwick/kit/db'

/** One ${one} of a business. */
export const ${model} = model('${app}.${model}', {
  scope: 'business',
  fields: {
    name: text({ max: 200 }),
    notes: longText().optional(),
  },
  unique: [['name']],
  indexes: [['-created_at']],
  display: 'name',
  verboseName: '${one}',
  verboseNamePlural: '${many.replaceAll('_', ' ')}',
})
export type ${model} = Row<typeof ${model}>

declare module '@bailiwick/kit/db' {
  interface Tables {
    ${app}_${model.toLowerCase()}: TableOf<typeof ${model}>
  }
}
`

const serializers = ({ model }: AppNames): string => `import { serializer } from '@bailiwick/kit/rest'
import { ${model} } from './models.ts'

/** What the API shows and takes of one ${model}. */
export const ${model}Serializer = serializer(${model}, {
  fields: ['id', 'name', 'notes', 'created_at', 'updated_at'],
})
`

const services = ({ model, one, many }: AppNames): string => `import type { Context } from '@bailiwick/kit/db'
import { ${model} } from './models.ts'

/** How many ${many.replaceAll('_', ' ')} the business has, without those in the bin. Rules about each ${one} go here, too. */
export function count${model}s(ctx: Context): Promise<number> {
  return ctx.query(${model}).count()
}
`

const permissions = ({ model, many }: AppNames): string => `import { atLeast, isMember } from '@bailiwick/kit/auth'

/** Who may do what with ${many.replaceAll('_', ' ')}: every member reads, agents write, managers delete and restore. */
export const ${model}Permissions = {
  default: atLeast('agent'),
  list: isMember,
  retrieve: isMember,
  destroy: atLeast('manager'),
  restore: atLeast('manager'),
}
`

const views = ({ model, one, many }: AppNames): string => `import { isMember } from '@bailiwick/kit/auth'
import { integer } from '@bailiwick/kit/db'
import { action, serializer, viewset } from '@bailiwick/kit/rest'
import { ${model} } from './models.ts'
import { ${model}Permissions } from './permissions.ts'
import { ${model}Serializer } from './serializers.ts'
import { count${model}s } from './services.ts'

const ${model}Total = serializer('${model}Total', {
  fields: { total: integer({ help: 'Without those in the bin.' }) },
})

/** The endpoints of ${many.replaceAll('_', ' ')}. Each ${one} is seen by its own business alone. */
export const ${model}ViewSet = viewset(${model}, {
  serializer: ${model}Serializer,
  search: ['name', 'notes'],
  permissions: ${model}Permissions,
  actions: {
    total: action(${model}, {
      detail: false,
      method: 'GET',
      summary: 'Count the ${many.replaceAll('_', ' ')}',
      permission: isMember,
      response: ${model}Total,
      run: async ({ ctx }) => ({ total: await count${model}s(ctx) }),
    }),
  },
})
`

const urls = ({ app, router, model, many }: AppNames): string => `import { router } from '@bailiwick/kit/rest'
import { ${model}ViewSet } from './views.ts'

/** Serves \`/api/${app}/${many}/\`. */
export const ${router} = router('${app}', {
  ${many}: ${model}ViewSet,
})
`

const admin = ({ model }: AppNames): string => `import { register } from '@bailiwick/kit/admin'
import { ${model} } from './models.ts'

export const ${model}Admin = register(${model}, {
  listDisplay: ['name', 'created_at'],
  listFilter: ['created_at'],
  searchFields: ['name'],
})
`

const tests = ({ app, many }: AppNames): string => `import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type TestProject, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'

const PATH = '/api/${app}/${many}/'

describe('${many.replaceAll('_', ' ')}', () => {
  let app: TestProject
  before(async () => {
    app = await testProject(project)
  })
  after(() => app?.close())

  test('an agent creates one, and a subscriber reads it', async () => {
    const business = await app.make.business()
    const agent = await app.as(await app.make.user({ business, role: 'agent' }))
    const subscriber = await app.as(await app.make.user({ business, role: 'subscriber' }))

    const created = await agent.post(PATH, { name: 'First' })
    assert.equal(created.status, 201)
    const listed = await subscriber.get(PATH)
    assert.equal(listed.body.meta.pagination.count, 1)
    assert.equal(listed.body.data[0].name, 'First')
    const total = await subscriber.get(\`\${PATH}total/\`)
    assert.deepEqual(total.body.data, { total: 1 })
  })

  test('a subscriber cannot create one, and a guest cannot read', async () => {
    const business = await app.make.business()
    const subscriber = await app.as(await app.make.user({ business, role: 'subscriber' }))
    assert.equal((await subscriber.post(PATH, { name: 'Mine' })).status, 403)
    assert.equal((await app.guest.get(PATH)).status, 401)
  })
})
`

const isolationTest = ({ app }: AppNames): string => `import { isolationSuite } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'

// Every endpoint of the app is tried as another business, with what must not be in the answer. New ones are found by themselves.
isolationSuite(project, { apps: ['${app}'] })
`
