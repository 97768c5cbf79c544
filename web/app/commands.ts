import { LANGUAGES } from '../../shared/language.ts'
import type { Listener } from '../../shared/stream.ts'
import { type Behavior, BEHAVIORS } from '../../shared/vocabulary.ts'
import { EXPORT_FORMATS, EXPORTED, type Exported, type ExportFormat } from '../list/export.ts'
import type { Command } from '../palette/commands.ts'
import { messages } from '../text/messages.ts'
import { theme } from '../ui/theme.svelte.ts'
import { language } from './language.svelte.ts'
import { type KeyActions, SHORTCUTS } from './shortcuts.ts'
import { TAB_VIEWS } from './view-tabs.ts'

/** What has no shortcut. */
export interface MoreActions {
  showAttention: () => void
  showSettings: () => void
  /** Null: this page may not invite others. */
  invite: (() => void) | null
  setBehavior: (behavior: Behavior) => void
  setAccepting: (on: boolean) => void
  exportConnections: (which: Exported, format: ExportFormat) => void
}

interface Situation {
  listener: Pick<Listener, 'local' | 'state' | 'behavior' | 'rules'> | null
  readOnly: boolean
  /** How many connections each export would have. */
  exported: Record<Exported, number>
}

/** Shortcuts that are worth finding by name. The others move the cursor, or need one. */
const NAMED: ReadonlySet<string> = new Set([
  'connect',
  'filter',
  'pause',
  'lookUp',
  'experiments',
  'lesson',
  'projector',
  'mine',
  'kernel',
  'help',
])

/** Everything that the palette offers besides connections. */
export function commandsOf(
  actions: KeyActions,
  more: MoreActions,
  { listener, readOnly, exported }: Situation,
): Command[] {
  const { views, shortcuts, theme: themes, languages } = messages.app
  const commands: Command[] = []
  const action = (id: string, label: string, run: () => void, key?: string): void =>
    void commands.push({ id, group: 'action', label, run, ...(key === undefined ? {} : { key }) })
  if (listener !== null) {
    // It is the only port, so it is offered to those who ask for it.
    const label = `:${listener.local.port}`
    commands.push({ id: 'port', group: 'port', label, whenTyped: true, run: () => actions.showView(0) })
  }
  for (const [index, view] of TAB_VIEWS.entries()) {
    commands.push({
      id: `view-${view}`,
      group: 'view',
      label: views[view],
      key: String(index + 1),
      run: () => actions.showView(index),
    })
  }
  action('attention', messages.list.toolbar.attention, more.showAttention)
  action('next-problem', messages.palette.nextProblem, () => actions.moveProblem(1), 'n')
  action('previous-problem', messages.palette.previousProblem, () => actions.moveProblem(-1), 'N')
  for (const { id, keys, run } of SHORTCUTS) {
    const [key] = keys
    if (key === undefined || !NAMED.has(id) || (id === 'connect' && (readOnly || listener?.state === 'stopping')))
      continue
    action(id, id === 'help' ? shortcuts.heading : shortcuts.meanings[id], () => void run(actions, key), key)
  }
  for (const which of EXPORTED.filter((one) => exported[one] > 0)) {
    for (const format of EXPORT_FORMATS) {
      const label = messages.list.export.commands[which](messages.list.export[format])
      action(`export-${which}-${format}`, label, () => more.exportConnections(which, format))
    }
  }
  if (listener !== null && !readOnly) {
    for (const behavior of BEHAVIORS) {
      if (behavior === listener.behavior || (behavior === 'scripted' && listener.rules.length === 0)) continue
      action(`behavior-${behavior}`, messages.palette.behavior(behavior), () => more.setBehavior(behavior))
    }
    const { stop, again } = messages.ports.queue
    if (listener.state === 'accepting') action('stop', stop, () => more.setAccepting(false))
    if (listener.state === 'paused') action('resume', again, () => more.setAccepting(true))
  }
  action('settings', messages.ports.settings.open, more.showSettings)
  if (more.invite !== null) action('invite', messages.class.join.button, more.invite)
  action('theme', theme.current === 'dark' ? themes.toLight : themes.toDark, () => theme.toggle())
  for (const other of LANGUAGES.filter((one) => one !== language.current)) {
    action(`language-${other}`, languages[other], () => language.choose(other))
  }
  return commands
}
