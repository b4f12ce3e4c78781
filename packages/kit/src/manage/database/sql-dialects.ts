/** What SQL can be printed for. */
export const DIALECTS = ['postgresql', 'mysql', 'mariadb', 'sqlite'] as const

export type PrintedDialect = (typeof DIALECTS)[number]

export interface SqlMigrateArguments {
  readonly app: string
  readonly name: string
  readonly backwards?: boolean
  readonly dialect?: PrintedDialect
}
