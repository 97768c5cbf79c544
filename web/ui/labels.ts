import { createContext } from 'svelte'

/** The few words that `ui` shows itself. The page supplies them in its language; getters, since the language changes. */
export interface Labels {
  readonly close: string
  readonly copy: string
  readonly copied: string
  readonly copyFailed: string
}

export const [getLabels, setLabels] = createContext<Labels>()
