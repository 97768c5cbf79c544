import { createContext } from 'svelte'
import type { SendStore } from '../act/send-store.ts'
import type { Mine } from './mine.svelte.ts'
import type { Dashboard } from '../live/dashboard.svelte.ts'
import type { Lesson } from '../lesson/lesson.svelte.ts'
import type { Picks } from '../list/picks.svelte.ts'
import type { Selection } from './selection.svelte.ts'

export const [getDashboard, setDashboard] = createContext<Dashboard>()
export const [getSelection, setSelection] = createContext<Selection>()
export const [getPicks, setPicks] = createContext<Picks>()
export const [getSends, setSends] = createContext<SendStore>()
export const [getLesson, setLesson] = createContext<Lesson>()
export const [getMine, setMine] = createContext<Mine>()
