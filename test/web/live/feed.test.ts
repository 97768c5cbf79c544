import { expect, test } from 'vitest'
import { Feed, GOING_AWAY, type SocketEvents } from '../../../web/live/feed.ts'

/** A feed whose sockets and timers the test controls. */
function setUp(random = 1) {
  const sockets: (SocketEvents & { wasClosed: boolean; sent: string[] })[] = []
  const timers: { run: () => void; delayMs: number; cleared: boolean }[] = []
  const frames: unknown[] = []
  const codes: number[] = []
  const feed = new Feed({
    open: (events) => {
      const socket = { ...events, wasClosed: false, sent: [] as string[] }
      sockets.push(socket)
      return { close: () => (socket.wasClosed = true), send: (text) => socket.sent.push(text) }
    },
    onFrame: (frame) => frames.push(frame),
    onLost: (code) => codes.push(code),
    setTimer: (run, delayMs) => timers.push({ run, delayMs, cleared: false }) - 1,
    clearTimer: (index) => {
      const timer = timers[Number(index)]
      if (timer) timer.cleared = true
    },
    random: () => random,
  })
  feed.start()
  return { feed, sockets, timers, frames, codes, losses: () => codes.length }
}

test('hands on each frame as it was sent', () => {
  const { sockets, frames } = setUp()
  sockets[0]?.message('{"type":"hello"}')
  sockets[0]?.message('{"type":"changes","seq":2}')
  expect(frames).toEqual([{ type: 'hello' }, { type: 'changes', seq: 2 }])
})

test('sends to the socket of now, and nothing where there is none', () => {
  const { feed, sockets, timers } = setUp()
  feed.send({ type: 'follow', id: 1 })
  sockets[0]?.closed(1006)
  feed.send({ type: 'follow', id: 2 })
  timers[0]?.run()
  feed.send({ type: 'follow', id: 3 })
  expect(sockets.map(({ sent }) => sent)).toEqual([['{"type":"follow","id":1}'], ['{"type":"follow","id":3}']])
})

test('reconnects for ever, with pauses that grow up to a limit', () => {
  const { sockets, timers, losses } = setUp()
  for (let attempt = 0; attempt < 40; attempt++) {
    sockets[attempt]?.closed(1006)
    timers[attempt]?.run()
  }
  const pauses = timers.map((timer) => timer.delayMs)
  expect(sockets).toHaveLength(41)
  expect(losses()).toBe(40)
  expect(pauses[1]).toBeGreaterThan(pauses[0] ?? Infinity)
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b))
  expect(pauses.at(-1)).toBe(15_000)
})

test('spreads the attempts, so that many dashboards do not come back in the same moment', () => {
  const [soon, late] = [setUp(0), setUp(1)].map(({ sockets, timers }) => {
    sockets[0]?.closed(1006)
    return timers[0]?.delayMs ?? 0
  })
  expect(soon).toBeGreaterThan(0)
  expect(soon).toBeLessThan(late ?? 0)
})

test('begins with short pauses again once frames have come', () => {
  const { sockets, timers } = setUp()
  sockets[0]?.closed(1006)
  timers[0]?.run()
  sockets[1]?.closed(1006)
  timers[1]?.run()
  sockets[2]?.message('{"type":"hello"}')
  sockets[2]?.closed(1006)
  expect(timers[2]?.delayMs).toBe(timers[0]?.delayMs)
})

test('ignores a socket that is no longer the current one', () => {
  const { sockets, timers, frames, losses } = setUp()
  sockets[0]?.closed(1006)
  timers[0]?.run()
  sockets[0]?.message('{"type":"late"}')
  sockets[0]?.closed(1006)
  expect(frames).toEqual([])
  expect(losses()).toBe(1)
})

test('says with which code the server ended a link', () => {
  const { sockets, codes } = setUp()
  sockets[0]?.closed(GOING_AWAY)
  expect(codes).toEqual([GOING_AWAY])
})

test('makes another link when the one it has is given up as dead', () => {
  const { feed, sockets, timers, frames, losses } = setUp()
  sockets[0]?.message('{"type":"hello"}')
  feed.giveUp()
  expect([sockets[0]?.wasClosed, losses()]).toEqual([true, 1])
  feed.giveUp()
  expect(losses()).toBe(1)
  timers[0]?.run()
  sockets[1]?.message('{"type":"again"}')
  sockets[0]?.message('{"type":"late"}')
  expect(frames).toEqual([{ type: 'hello' }, { type: 'again' }])
})

test('starts afresh after a frame that is not JSON, for what follows it cannot be trusted', () => {
  const { sockets, timers, frames, losses } = setUp()
  sockets[0]?.message('{"type":')
  sockets[0]?.message('{"type":"changes"}')
  expect(sockets[0]?.wasClosed).toBe(true)
  expect(frames).toEqual([])
  expect(losses()).toBe(1)
  expect(timers).toHaveLength(1)
})

test('retries at once when asked, and only once', () => {
  const { feed, sockets, timers } = setUp()
  sockets[0]?.closed(1006)
  feed.retryNow()
  feed.retryNow()
  expect(sockets).toHaveLength(2)
  expect(timers[0]?.cleared).toBe(true)
})

test('does not reconnect once stopped', () => {
  const { feed, sockets, timers } = setUp()
  feed.stop()
  sockets[0]?.closed(1006)
  expect(sockets[0]?.wasClosed).toBe(true)
  expect(timers).toEqual([])
})
