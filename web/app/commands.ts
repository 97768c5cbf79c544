import { LANGUAGES } from '../../shared/language.ts'
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
}

interface Situation {
  port: number | null
  readOnly: boolean
}

/** Shortcuts that are worth finding by name. The others move the cursor, or need one. */
const NAMED: ReadonlySet<string> = new Set([
  'connect',
  'problem',
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
export function commandsOf(actions: KeyActions, more: MoreActions, { port, readOnly }: Situation): Command[] {
  const { views, shortcuts, theme: themes, languages } = messages.app
  const commands: Command[] = []
  const action = (id: string, label: string, run: () => void, key?: string): void =>
    void commands.push({ id, group: 'action', label, run, ...(key === undefined ? {} : { key }) })
  if (port !== null) commands.push({ id: 'port', group: 'port', label: `:${port}`, run: () => actions.showView(0) })
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
  for (const { id, keys, run } of SHORTCUTS) {
    const [key] = keys
    if (key === undefined || !NAMED.has(id) || (readOnly && id === 'connect')) continue
    action(id, shortcuts.meanings[id], () => void run(actions, key), key)
  }
  action('settings', messages.ports.settings.open, more.showSettings)
  if (more.invite !== null) action('invite', messages.class.join.button, more.invite)
  action('theme', theme.current === 'dark' ? themes.toLight : themes.toDark, () => theme.toggle())
  for (const other of LANGUAGES.filter((one) => one !== language.current)) {
    action(`language-${other}`, languages[other], () => language.choose(other))
  }
  return commands
}
