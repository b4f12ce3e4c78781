import { writeFile } from 'node:fs/promises'
import { CommandError } from '../command-error.ts'
import type { Project } from '../project.ts'
import { withScratchServer } from '../scratch-server.ts'

export interface SchemaArguments {
  readonly file?: string
  readonly format: 'json' | 'yaml'
}

/** Writes the document as the server would serve it. */
export async function writeSchema(project: Project, { file, format }: SchemaArguments): Promise<void> {
  const served = await withScratchServer(project, ({ server }) =>
    server.inject({ method: 'GET', url: `/api/schema/?format=${format}`, headers: { host: 'localhost' } }),
  )
  if (served.statusCode !== 200) {
    throw new CommandError(`The project does not serve its schema: /api/schema/ answers ${served.statusCode}.`)
  }
  const text = format === 'json' ? `${JSON.stringify(served.json(), null, 2)}\n` : served.body
  if (file === undefined) process.stdout.write(text)
  else await writeFile(file, text)
}
