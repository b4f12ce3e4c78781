import { createReadStream, readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { allowAny } from '../auth/index.ts'

/** A file of an installed package that a page loads. */
export interface PackageAsset {
  /** As it is imported: `redoc/bundles/redoc.standalone.js`. */
  readonly specifier: string
  readonly contentType: string
  /** Changes the text before it is sent. */
  readonly edit?: (text: string) => string
}

/** A file that is written here. */
export interface WrittenAsset {
  readonly path: string
  readonly contentType: string
  readonly text: string
}

/** Files under these addresses never change: a new version has a new address. */
const FOREVER = 'public, max-age=31536000, immutable'

/** Serves a file of a package, and returns its address: `/api/docs/assets/5.0.0/swagger-ui.css`. */
export function servePackageAsset(server: FastifyInstance, page: string, asset: PackageAsset): string {
  const [packageName = '', ...rest] = asset.specifier.split('/')
  const version = versionOf(packageName)
  const path = `${page}assets/${version}/${rest.at(-1)}`
  const file = fileURLToPath(import.meta.resolve(asset.specifier))
  server.get(path, { config: { permission: allowAny } }, async (request, reply) => {
    if (isKnown(request, reply, `"${version}"`)) return reply.code(304).send()
    reply.header('content-type', asset.contentType)
    if (asset.edit) return reply.send(asset.edit(await readFile(file, 'utf8')))
    const { size } = await stat(file)
    return reply.header('content-length', size).send(createReadStream(file))
  })
  return path
}

/** Serves a text that changes with the kit, so that browsers ask each time whether it has. */
export function serveText(server: FastifyInstance, { path, contentType, text }: WrittenAsset): void {
  server.get(path, { config: { permission: allowAny } }, async (_request, reply) => {
    return reply.headers({ 'cache-control': 'no-cache', 'content-type': contentType }).send(text)
  })
}

function isKnown(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  reply.headers({ etag, 'cache-control': FOREVER })
  return request.headers['if-none-match'] === etag
}

function versionOf(packageName: string): string {
  const manifest: unknown = JSON.parse(
    readFileSync(fileURLToPath(import.meta.resolve(`${packageName}/package.json`)), 'utf8'),
  )
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version)
  throw new TypeError(`The manifest of ${packageName} has no version`)
}
