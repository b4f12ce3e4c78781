import { type TextField, type TextOptions, textField } from './text.ts'

/** A web address with the scheme http or https, at most 500 characters unless `max` says otherwise. */
export function url(options: TextOptions = {}): TextField {
  return textField({
    ...options,
    name: 'url',
    usualMax: 500,
    format: 'uri',
    usualExample: 'https://acme.example/',
    pattern: { test: isWebUrl, message: 'Enter a valid URL.' },
  })
}

function isWebUrl(text: string): boolean {
  if (!/^https?:\/\/[^\s/?#\\]+/i.test(text) || /\s/.test(text)) return false
  const host = URL.parse(text)?.hostname ?? ''
  return host === 'localhost' || host.startsWith('[') || /^[^.].*\.[^.]+\.?$/.test(host)
}
