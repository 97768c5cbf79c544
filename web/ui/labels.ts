import { createContext } from 'svelte'

/** The texts that `ui` needs. The page supplies them as getters, because the language can change. */
export interface Labels {
  readonly close: string
  readonly copy: string
  readonly copied: string
  readonly copyFailed: string
}

export const [getLabels, setLabels] = createContext<Labels>()
