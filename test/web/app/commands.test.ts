import { expect, test, vi } from 'vitest'
import { commandsOf } from '../../../web/app/commands.ts'
import type { KeyActions } from '../../../web/app/shortcuts.ts'
import { find } from '../../../web/palette/commands.ts'

// They ask the browser.
vi.mock('../../../web/ui/theme.svelte.ts', () => ({ theme: { current: 'light', toggle: () => {} } }))
vi.mock('../../../web/app/language.svelte.ts', () => ({ language: { current: 'en', choose: () => {} } }))

const LISTENER = { local: { address: '::', port: 8080 }, state: 'accepting', behavior: 'echo', rules: [] } as const

/** The labels of the commands, and a log of what they have done. */
function offered(situation: Partial<Parameters<typeof commandsOf>[2]>) {
  const did: unknown[] = []
  const actions = { moveProblem: (by: number) => did.push(by) } as unknown as KeyActions
  const more = {
    showAttention: () => {},
    showSettings: () => {},
    invite: null,
    setBehavior: (behavior: string) => did.push(behavior),
    setAccepting: (on: boolean) => did.push(on),
    exportConnections: (which: string, format: string) => did.push(`${which} ${format}`),
  }
  const usual = { listener: { ...LISTENER, rules: [] }, readOnly: false, exported: { listed: 0, picked: 0 } }
  const commands = commandsOf(actions, more, { ...usual, ...situation })
  return { commands, labels: commands.map(({ label }) => label), did }
}

test('the next and the previous problem are two commands, with their keys', () => {
  const { commands, did } = offered({})
  const found = commands.filter(({ label }) => label.endsWith('connection with a problem'))
  expect(found.map(({ label, key }) => [label, key])).toEqual([
    ['Next connection with a problem', 'n'],
    ['Previous connection with a problem', 'N'],
  ])
  for (const { run } of found) run()
  expect(did).toEqual([1, -1])
})

test('the shortcuts are found by their name', () => {
  expect(offered({}).labels).toContain('Keyboard shortcuts')
})

test('the port’s other behaviors can be chosen, the scripted one only if it has rules', () => {
  const { labels, commands, did } = offered({})
  const behaviors = (all: string[]) => all.filter((label) => label.startsWith('Behavior: '))
  expect(behaviors(labels)).toEqual(['Behavior: discard', 'Behavior: chargen', 'Behavior: silent'])
  commands.find(({ label }) => label === 'Behavior: silent')?.run()
  expect(did).toEqual(['silent'])
  const rules = [{ when: 'a', reply: 'b' }] as never
  expect(behaviors(offered({ listener: { ...LISTENER, rules } }).labels)).toContain('Behavior: scripted')
})

test('the palette offers to stop accepting while the server accepts, and to resume it while it doesn’t', () => {
  const { labels } = offered({})
  expect(labels).toContain('Stop accepting')
  expect(labels).not.toContain('Resume accepting')
  const paused = offered({ listener: { ...LISTENER, state: 'paused', rules: [] } })
  paused.commands.find(({ label }) => label === 'Resume accepting')?.run()
  expect(paused.did).toEqual([true])
  expect(paused.labels).not.toContain('Stop accepting')
})

test('the palette offers to connect a client while there is a port to connect to', () => {
  const label = 'Connect a client'
  expect(offered({}).labels).toContain(label)
  expect(offered({ readOnly: true }).labels).not.toContain(label)
  expect(offered({ listener: { ...LISTENER, state: 'stopping', rules: [] } }).labels).not.toContain(label)
})

test('the listed and the selected connections can be exported, if there are any', () => {
  const exports = (listed: number, picked: number) => {
    const { commands, did } = offered({ exported: { listed, picked } })
    for (const { run } of commands.filter(({ label }) => label.startsWith('Export the '))) run()
    return did
  }
  expect(exports(0, 0)).toEqual([])
  expect(exports(5, 0)).toEqual(['listed csv', 'listed json'])
  expect(exports(5, 2)).toEqual(['listed csv', 'listed json', 'picked csv', 'picked json'])
  const { commands } = offered({ exported: { listed: 5, picked: 2 } })
  expect(find(commands, 'export csv').map(({ id }) => id)).toEqual(['export-listed-csv', 'export-picked-csv'])
})

test('a page that may only look is not offered what it can’t do', () => {
  const { labels } = offered({ readOnly: true })
  expect(labels.filter((label) => /^(Behavior|Stop|Connect a)/.test(label))).toEqual([])
})

test('the only port is found by its number, and is not listed before something is typed', () => {
  const { commands } = offered({})
  const ids = (text: string) => find(commands, text).map(({ id }) => id)
  expect(ids('')).not.toContain('port')
  expect(ids('8080')).toEqual(['port'])
})
