import type { QueryLog } from '../../db/index.ts'

/** From where and in which request somebody calls. */
export interface Client {
  readonly ip: string | null
  readonly userAgent: string | null
  readonly requestId: string
  /** What counts the statements of the request, if anything does. */
  readonly queryLog?: QueryLog | null
}

/** The columns that say from where somebody came, cut to what they hold. */
export function clientColumns({ ip, userAgent }: Pick<Client, 'ip' | 'userAgent'>) {
  return { ip: ip?.slice(0, 45) ?? null, user_agent: cutText(userAgent, 300) }
}

function cutText(text: string | null, length: number): string | null {
  const cut = text?.slice(0, length).trim() ?? ''
  return cut === '' ? null : cut
}
