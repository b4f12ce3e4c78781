export interface Page {
  readonly title: string
  readonly icon: string
  readonly styles: readonly string[]
  readonly scripts: readonly string[]
  /** The id of the element that the scripts fill. */
  readonly root: string
}

const JAVASCRIPT = 'This page needs JavaScript.'

/** A page that is nothing but the files it loads: no script stands in it, so that its policy can forbid that. */
export function pageHtml({ title, icon, styles, scripts, root }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${icon}">
${styles.map((path) => `<link rel="stylesheet" href="${path}">`).join('\n')}
${scripts.map((path) => `<script src="${path}" defer></script>`).join('\n')}
</head>
<body>
<div id="${root}"></div>
<noscript>${JAVASCRIPT}</noscript>
</body>
</html>
`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter)
