import assert from 'node:assert/strict'
import { posix } from 'node:path'
import { test } from 'node:test'
import { findWrongArrows } from './arrows.ts'
import type { Source } from './sources.ts'

const KIT = 'packages/kit/src'

/** What is said of `from` importing `specifier`, in a tree where both files are. */
function judge(from: string, specifier: string): string | undefined {
  const area = /^@bailiwick\/kit\/(.*)$/.exec(specifier)?.[1]
  const target = area ? `${KIT}/${area}/index.ts` : posix.join(posix.dirname(from), specifier)
  const source: Source = {
    path: from,
    text: '',
    lineCount: 1,
    functions: [],
    imports: [{ specifier, target, line: 7 }],
  }
  const others = [target, `${KIT}/db/fields/index.ts`].map((path) => ({ ...source, path, imports: [] }))
  return findWrongArrows([source, ...others])[0]
}

test('an area of the kit sees the areas to its left, by their doors', () => {
  assert.equal(judge(`${KIT}/rest/viewset.ts`, '../db/index.ts'), undefined)
  assert.equal(
    judge(`${KIT}/db/query/query.ts`, '../../rest/index.ts'),
    `${KIT}/db/query/query.ts:7: '../../rest/index.ts': db may import only base, settings, not rest`,
  )
  assert.match(judge(`${KIT}/rest/viewset.ts`, '../db/query/query.ts') ?? '', /enter db by its index\.ts/)
  assert.match(
    judge(`${KIT}/cache/memory.ts`, '../mail/index.ts') ?? '',
    /cache may import only base, settings, not mail/,
  )
})

test('inside the kit an area is not entered by the package name', () => {
  assert.match(judge(`${KIT}/rest/viewset.ts`, '@bailiwick/kit/db') ?? '', /by relative path/)
})

test('an area that is in no list is refused', () => {
  assert.match(judge(`${KIT}/helpers/a.ts`, '../base/index.ts') ?? '', /helpers is in no list/)
})

test('only tests see testing', () => {
  assert.match(judge(`${KIT}/rest/viewset.ts`, '../testing/index.ts') ?? '', /not testing/)
  assert.equal(judge(`${KIT}/rest/viewset.test.ts`, '../testing/index.ts'), undefined)
  assert.equal(judge(`${KIT}/testing/make.ts`, '../manage/index.ts'), undefined)
  assert.match(judge('backend/apps/clients/services.ts', '@bailiwick/kit/testing') ?? '', /only tests see testing/)
  assert.equal(judge('backend/apps/clients/tests/services.test.ts', '@bailiwick/kit/testing'), undefined)
})

test('the parts of db see those to their left, by their doors where they have one', () => {
  assert.equal(judge(`${KIT}/db/models/model.ts`, '../fields/index.ts'), undefined)
  assert.equal(judge(`${KIT}/db/index.ts`, './fields/index.ts'), undefined)
  assert.match(judge(`${KIT}/db/models/model.ts`, '../fields/text.ts') ?? '', /enter db\/fields by its index\.ts/)
  assert.equal(judge(`${KIT}/db/migrations/migration.ts`, '../query/inner.ts'), undefined)
  assert.match(judge(`${KIT}/rest/viewset.ts`, '../db/query/inner.ts') ?? '', /enter db by its index\.ts/)
  assert.match(
    judge(`${KIT}/db/index.ts`, './query/inner.ts') ?? '',
    /only the parts of db may see db\/query\/inner\.ts/,
  )
  assert.match(
    judge(`${KIT}/db/fields/text.ts`, '../models/model.ts') ?? '',
    /fields may import only dialects, not models/,
  )
  assert.match(judge(`${KIT}/db/fields/text.ts`, '../index.ts') ?? '', /not \./)
})

test('an app reads urls, views, serializers, services, models, never leftwards', () => {
  const app = 'backend/apps/clients'
  assert.equal(judge(`${app}/urls.ts`, './views.ts'), undefined)
  assert.equal(judge(`${app}/views.ts`, './permissions.ts'), undefined)
  assert.match(judge(`${app}/models.ts`, './services.ts') ?? '', /models may import none of the others, not services/)
  assert.match(judge(`${app}/migrations/0001_initial.ts`, '../models.ts') ?? '', /migrations may import none/)
  assert.equal(judge(`${app}/migrations/0001_initial.ts`, '@bailiwick/kit/db'), undefined)
  assert.equal(judge(`${app}/tests/views.test.ts`, '../views.ts'), undefined)
})

test('an app sees only models and services of another, and nothing of core', () => {
  assert.equal(judge('backend/apps/clients/services.ts', '../account/models.ts'), undefined)
  assert.equal(judge('backend/apps/clients/services.ts', '../account/services.ts'), undefined)
  assert.match(judge('backend/apps/clients/views.ts', '../account/views.ts') ?? '', /only models and services/)
  assert.match(judge('backend/apps/clients/models.ts', '../account/services.ts') ?? '', /not services/)
  assert.match(judge('backend/apps/clients/views.ts', '../../core/settings.ts') ?? '', /outside the apps/)
  assert.equal(judge('backend/core/urls.ts', '../apps/clients/urls.ts'), undefined)
})

test('a package is entered by its name, and the kit sees none of the others', () => {
  assert.equal(judge('backend/core/server.ts', '@bailiwick/kit/http'), undefined)
  assert.match(judge('backend/core/server.ts', '../../packages/kit/src/http/index.ts') ?? '', /by its name/)
  assert.match(judge(`${KIT}/manage/demo.ts`, '../../../../backend/core/urls.ts') ?? '', /not backend/)
  assert.match(
    judge('packages/client/src/client.ts', '@bailiwick/kit/base') ?? '',
    /none of the others, not packages\/kit/,
  )
})
