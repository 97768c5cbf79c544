import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FrameScheduler } from '../../../web/live/scheduler.ts'

/** A tab whose animation frames the test triggers. */
const tab = { hidden: false, frames: new Map<number, () => void>(), listeners: [] as (() => void)[] }

function hide(hidden: boolean): void {
  tab.hidden = hidden
  for (const listener of tab.listeners) listener()
}

function drawFrame(): void {
  const frames = [...tab.frames.values()]
  tab.frames.clear()
  for (const run of frames) run()
}

beforeEach(() => {
  Object.assign(tab, { hidden: false, frames: new Map(), listeners: [] })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  vi.stubGlobal('document', {
    get hidden() {
      return tab.hidden
    },
    addEventListener: (_type: string, listener: () => void) => tab.listeners.push(listener),
  })
  let id = 0
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => (tab.frames.set(++id, run), id))
  vi.stubGlobal('cancelAnimationFrame', (frame: number) => tab.frames.delete(frame))
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('runs once in a frame, however often it was asked to', () => {
  const step = vi.fn()
  const scheduler = new FrameScheduler(step)
  scheduler.request()
  scheduler.request()
  expect(step).not.toHaveBeenCalled()
  drawFrame()
  expect(step).toHaveBeenCalledTimes(1)
  drawFrame()
  expect(step).toHaveBeenCalledTimes(1)
})

test('what can wait is drawn at once after a pause, then seven times a second at most; anything else is drawn in the next frame', () => {
  const step = vi.fn()
  const scheduler = new FrameScheduler(step)
  const everyFrame = (ms: number, ask: () => void) => {
    for (let at = 0; at < ms; at += 20) {
      ask()
      drawFrame()
      vi.advanceTimersByTime(20)
    }
    return step.mock.calls.splice(0).length
  }
  expect(everyFrame(20, () => scheduler.requestSoon())).toBe(1)
  expect(everyFrame(1_000, () => scheduler.requestSoon())).toBe(6)
  expect(everyFrame(1_000, () => scheduler.request())).toBe(50)

  scheduler.requestSoon()
  expect(tab.frames.size).toBe(0)
  scheduler.request()
  expect(tab.frames.size).toBe(1)
  drawFrame()
  vi.advanceTimersByTime(1_000)
  expect(step).toHaveBeenCalledTimes(1)
})

test('runs about once a second in a hidden tab, which gets no frames', () => {
  const step = vi.fn()
  const scheduler = new FrameScheduler(step)
  hide(true)
  scheduler.request()
  expect(tab.frames.size).toBe(0)
  vi.advanceTimersByTime(1000)
  expect(step).toHaveBeenCalledTimes(1)
})

test('does not lose a step that waited for a frame when the tab was hidden, nor do it twice when it is shown again', () => {
  const step = vi.fn()
  const scheduler = new FrameScheduler(step)
  scheduler.request()
  hide(true)
  expect(tab.frames.size).toBe(0)
  hide(false)
  drawFrame()
  vi.advanceTimersByTime(5000)
  expect(step).toHaveBeenCalledTimes(1)
})
