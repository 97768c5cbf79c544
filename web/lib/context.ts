import { createContext } from 'svelte'
import type { Dashboard } from './dashboard.svelte.ts'
import type { Selection } from './selection.svelte.ts'

export const [getDashboard, setDashboard] = createContext<Dashboard>()
export const [getSelection, setSelection] = createContext<Selection>()
