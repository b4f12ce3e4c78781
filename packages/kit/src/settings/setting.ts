/** One name of the environment: how its text is read, and what its reader is told. */
export interface Setting<Value> {
  /** What a good value looks like, completing the sentence "wanted …". */
  readonly wanted: string
  readonly help: string
  /** The value when the name is unset or empty. */
  readonly default: Value
  /** How the default is shown in the reference, where the value itself does not say it. */
  readonly defaultText: string | undefined
  /** Whether the value may hold a password or a key, and so is never shown. */
  readonly isSecret: boolean
  /** The value, or `undefined` if the text is malformed. */
  parse(text: string): Value | undefined
}

interface SettingOptions<Value> {
  readonly help: string
  readonly default: Value
  readonly defaultText?: string
  readonly wanted?: string
}

/** A setting whose text `parse` reads. */
export function setting<Value>(
  parse: (text: string) => Value | undefined,
  options: SettingOptions<Value> & { readonly wanted: string; readonly isSecret?: boolean },
): Setting<Value> {
  return { isSecret: false, defaultText: undefined, ...options, parse }
}

export function text(options: SettingOptions<string>): Setting<string> {
  return setting((value) => value, { wanted: 'text', ...options })
}

export function secret(options: SettingOptions<string>): Setting<string> {
  return setting((value) => value, { wanted: 'a secret', isSecret: true, ...options })
}

const BOOLEANS = new Map(
  Object.entries({ true: true, yes: true, on: true, 1: true, false: false, no: false, off: false, 0: false }),
)

export function boolean(options: SettingOptions<boolean>): Setting<boolean> {
  return setting((value) => BOOLEANS.get(value.toLowerCase()), { wanted: 'true or false', ...options })
}

export function integer({
  min,
  max,
  ...options
}: SettingOptions<number> & { readonly min: number; readonly max: number }): Setting<number> {
  return setting((value) => parseInteger(value, min, max), {
    wanted: `a whole number from ${min} to ${max}`,
    ...options,
  })
}

export function oneOf<Value extends string>(choices: readonly Value[], options: SettingOptions<Value>): Setting<Value> {
  return setting((value) => choices.find((choice) => choice === value), { wanted: choices.join(', '), ...options })
}

/** Items between commas. One item that `parse` refuses refuses the whole. */
export function list<Item>(
  parse: (item: string) => Item | undefined,
  options: SettingOptions<readonly Item[]> & { readonly wanted: string; readonly isSecret?: boolean },
): Setting<readonly Item[]> {
  return setting((value) => parseList(value, parse), { defaultText: 'empty', ...options })
}

/** Makes a setting that may be left out: then its value is `null`. */
export function optional<Value>(
  parse: (text: string) => Value | undefined,
  options: Omit<SettingOptions<Value>, 'default'> & { readonly wanted: string; readonly isSecret?: boolean },
): Setting<Value | null> {
  return setting<Value | null>(parse, { defaultText: 'unset', ...options, default: null })
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const LONGEST_DURATION_SECONDS = 3650 * 86_400

/** A time span in milliseconds, written `30d`, `12h`, `15m`, `3600s` or in plain seconds. */
export function duration(options: SettingOptions<number> & { readonly defaultText: string }): Setting<number> {
  return setting(parseDuration, { wanted: 'a time span such as 30d, 12h, 15m or 3600 (seconds)', ...options })
}

function parseDuration(value: string): number | undefined {
  const match = /^(\d{1,12})([smhdw]?)$/.exec(value)
  const seconds = Number(match?.[1]) * (UNIT_SECONDS[match?.[2] ?? ''] ?? 0)
  return seconds >= 1 && seconds <= LONGEST_DURATION_SECONDS ? seconds * 1000 : undefined
}

function parseInteger(value: string, min: number, max: number): number | undefined {
  const parsed = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
  return parsed >= min && parsed <= max ? parsed : undefined
}

function parseList<Item>(value: string, parse: (item: string) => Item | undefined): readonly Item[] | undefined {
  const items: Item[] = []
  for (const part of value.split(',')) {
    const trimmed = part.trim()
    if (trimmed === '') continue
    const item = parse(trimmed)
    if (item === undefined) return undefined
    items.push(item)
  }
  return items
}
