import { SETTINGS } from './settings-table.ts'

/** The text of `docs/reference/settings.md`, made from the table. */
export function settingsReference(): string {
  const rows = Object.entries(SETTINGS).map(
    ([name, setting]) =>
      `| \`${name}\` | ${cell(setting.wanted)} | ${cell(defaultText(setting))} | ${cell(setting.help)} |`,
  )
  return `${HEAD}\n${rows.join('\n')}\n`
}

const HEAD = `# Settings

Read once, at the start, from the environment; an \`.env\` file adds the names that the environment does not set.
A missing or malformed value stops the start with a line that names it, the value seen (never of a secret) and what is wanted.
A name set to nothing counts as unset. Lists are separated by commas.

This page is held equal to the table in \`packages/kit/src/settings/settings-table.ts\` by a test.

| Name | Value | Default | What it does |
|---|---|---|---|`

function defaultText(setting: { readonly default: unknown; readonly defaultText: string | undefined }): string {
  return setting.defaultText ?? `\`${String(setting.default)}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
