type Text = string | null | readonly unknown[] | ((...args: never[]) => string)

/** A catalogue that may lack texts. A tuple and a function are one text each. */
export type Translation<T> = T extends Text ? T : { readonly [K in keyof T]?: Translation<T[K]> }

type Branch = Record<string, unknown>

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function merge(original: object, translation: object): Branch {
  const over: Branch = { ...translation }
  const texts = Object.entries(original).map(([key, text]): [string, unknown] => {
    const own = over[key]
    if (own === undefined) return [key, text]
    return [key, isBranch(text) && isBranch(own) ? merge(text, own) : own]
  })
  return Object.fromEntries(texts)
}

/** @returns every text of the translation, and the original where the translation has none */
export function withFallback<T extends object>(original: T, translation: Translation<NoInfer<T>>): T {
  // Merging keeps the shape of the original, which the type system cannot follow.
  return merge(original, translation) as T
}

/** @returns the paths of the texts that the translation lacks, as in `list.columns.id` */
export function missingTexts(original: object, translation: object, path = ''): string[] {
  const over: Branch = { ...translation }
  return Object.entries(original).flatMap(([key, text]) => {
    const here = path === '' ? key : `${path}.${key}`
    const own = over[key]
    if (!isBranch(text)) return own === undefined ? [here] : []
    return missingTexts(text, isBranch(own) ? own : {}, here)
  })
}
