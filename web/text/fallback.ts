type Text = string | null | readonly unknown[] | ((...args: never[]) => string)

/** A catalogue that may lack texts. A tuple and a function are one text each. */
export type Translation<T> = T extends Text ? T : { readonly [K in keyof T]?: Translation<T[K]> }

type Branch = Record<string, unknown>

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

type Finish = (text: string) => string

/** A text with the finish applied, also to what a function returns. */
function finished(text: unknown, finish: Finish): unknown {
  if (typeof text === 'string') return finish(text)
  if (Array.isArray(text)) return text.map((part: unknown) => finished(part, finish))
  if (typeof text !== 'function') return text
  return (...values: unknown[]) => finished(Reflect.apply(text, undefined, values), finish)
}

function merge(original: object, translation: object, finish: Finish): Branch {
  const over: Branch = { ...translation }
  const texts = Object.entries(original).map(([key, text]): [string, unknown] => {
    const own = over[key]
    if (own === undefined) return [key, text]
    return [key, isBranch(text) && isBranch(own) ? merge(text, own, finish) : finished(own, finish)]
  })
  return Object.fromEntries(texts)
}

/**
 * @param finish applied to every translated text
 * @returns every text of the translation, and the original where the translation has none
 */
export function withFallback<T extends object>(
  original: T,
  translation: Translation<NoInfer<T>>,
  finish: Finish = (text) => text,
): T {
  // Merging keeps the shape of the original, which the type system cannot follow.
  return merge(original, translation, finish) as T
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
