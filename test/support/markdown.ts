/** The text without its code blocks. */
export function prose(page: string): string {
  return page.replaceAll(/^( *)```.*?^\1```$/gms, '')
}

/** The contents of the code blocks in a language, including indented ones. */
export function codeBlocks(page: string, language: string): string[] {
  return [...page.matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gms)]
    .filter(([, , found]) => found === language)
    .map(([, indent = '', , code = '']) => code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
}

/** The inline code of a page. */
export function inlineCode(page: string): string[] {
  return [...prose(page).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
}

/** The anchors of a page's headings, formed like GitHub's. */
export function anchors(page: string): string[] {
  const seen = new Map<string, number>()
  return [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => {
    const slug = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
}
