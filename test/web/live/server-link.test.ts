import { expect, onTestFinished, test, vi } from 'vitest'
import type { Repaint } from '../../../web/live/repaint.ts'
import { ServerLink } from '../../../web/live/server-link.svelte.ts'

/** The WebSocket that the page has opened last. */
let socket: FakeSocket

class FakeSocket extends EventTarget {
  static readonly OPEN = 1
  readonly readyState = 1

  constructor() {
    super()
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the page creates it, the test speaks through it
    socket = this
  }

  close(): void {
    this.dispatchEvent(Object.assign(new Event('close'), { code: 1005 }))
  }

  says(frame: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }))
  }
}

/** When the page was asked to draw again, since the test looked last. */
let asked: ('request' | 'requestSoon')[] = []

function openLink(): ServerLink {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('location', new URL('http://localhost:3000/'))
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('removeEventListener', () => {})
  const link = new ServerLink(null, {
    request: () => asked.push('request'),
    requestSoon: () => asked.push('requestSoon'),
    now: () => {},
  } as unknown as Repaint)
  const stop = link.start()
  onTestFinished(() => {
    stop()
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })
  socket.says({ type: 'hello', protocol: 1, now: 1_000_000 })
  socket.says({ type: 'snapshot', last: true, connections: [] })
  return link
}

test('only a new row and an action are drawn in the next frame; all else of a busy port can wait', () => {
  openLink().subscribe({ changes: () => {} })
  asked = []
  const changes = (...kinds: string[]) => socket.says({ type: 'changes', changes: kinds.map((kind) => ({ kind })) })
  for (const kind of ['data', 'close', 'evidence', 'kernel', 'problem', 'skipped']) changes(kind)
  expect(new Set(asked.splice(0))).toEqual(new Set(['requestSoon']))
  changes('data', 'accept', 'close')
  changes('action')
  expect(asked).toEqual(['request', 'request'])
})

test('each alive frame sets the clock, after a sleep of this machine and when the server’s clock is set', () => {
  const link = openLink()
  expect(link.clock.now()).toBe(1_000_000)
  for (const now of [1_005_000, 4_600_000, 1_010_000]) {
    socket.says({ type: 'alive', now })
    expect(link.clock.now()).toBe(now)
  }
})

test.for([
  ['forward, as after a sleep', 3_600_000],
  ['back', -3_600_000],
] as const)('a browser clock that jumps %s ends a link that may be dead', ([, jump]) => {
  const link = openLink()
  vi.advanceTimersByTime(1000)
  expect(link.state).toBe('live')
  vi.setSystemTime(Date.now() + jump)
  vi.advanceTimersByTime(1000)
  expect(link.state).toBe('lost')
})
