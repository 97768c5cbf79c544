import { expect, test } from 'vitest'
import { Groups } from '../../../web/picture/groups.ts'
import { Motion, PULSE_MS } from '../../../web/picture/motion.ts'

function grouped(...live: number[]): Groups {
  const groups = new Groups()
  for (const [index, count] of live.entries()) {
    const group = groups.of(`10.0.0.${index}`)
    group.live = group.drawn = count
  }
  return groups
}

const shown = (groups: Groups) => groups.lines.map((group) => group?.address.slice(7) ?? null)

test('the biggest addresses get a line, all others share the last one', () => {
  const groups = grouped(1, 5, 2, 9)
  groups.arrange(3)
  expect(shown(groups)).toEqual(['3', '1'])
  expect(groups.others).toMatchObject({ groups: 2, live: 3 })
})

test('the last line goes to the others also when there is room for one less than before', () => {
  const groups = grouped(1, 5, 2, 9, 3)
  groups.arrange(4)
  expect(shown(groups)).toEqual(['3', '1', '4'])
  expect(groups.arrange(3)).toBe(true)
  expect(shown(groups)).toEqual(['3', '1'])
  expect(groups.others).toMatchObject({ groups: 3, live: 6 })
})

test('a picture that shrinks and grows back shows as many addresses as before', () => {
  const groups = grouped(1, 5, 2, 9, 3)
  groups.arrange(4)
  const before = shown(groups)
  groups.arrange(3)
  expect(groups.arrange(4)).toBe(true)
  expect(shown(groups)).toEqual(before)
  // Room for all of them: none shares a line.
  groups.arrange(5)
  expect(groups.others.groups).toBe(0)
  expect(groups.arrange(9)).toBe(true)
  expect(groups.arrange(9)).toBe(false)
})

test('an address keeps its line while it lives; one that is free goes to who waits', () => {
  const groups = grouped(1, 5, 2, 9)
  groups.arrange(3)
  const [, , third] = groups.all.values()
  if (third) third.live = third.drawn = 100
  groups.arrange(3)
  expect(shown(groups)).toEqual(['3', '1'])
  const biggest = groups.of('10.0.0.3')
  while (biggest.drawn > 0) groups.leave(biggest)
  groups.arrange(3)
  expect(shown(groups)[1]).toBe('1')
  expect(shown(groups)).toContain('2')
})

const STEP = { moved: false, renumbered: false, born: [], touched: [], bytesIn: [], bytesOut: [] }

test('nothing travels where motion is not wanted', () => {
  const motion = new Motion()
  motion.on = false
  motion.take({ ...STEP, born: [1], bytesIn: [1] }, 0)
  expect(motion.busy).toBe(false)
  expect([motion.births, motion.pulses]).toEqual([0, 0])
})

test('what is sent at its birth sets out once the socket is in its place, and arrives', () => {
  const motion = new Motion()
  motion.take({ ...STEP, born: [1], bytesOut: [1] }, 0)
  const seen: number[] = []
  motion.eachPulse(100, ({ t }) => seen.push(t))
  expect(seen).toEqual([])
  motion.eachPulse(1100, ({ t, toServer }) => seen.push(toServer ? -1 : t))
  expect(seen[0]).toBeGreaterThan(0)
  motion.eachPulse(1000 + 2 * PULSE_MS, () => seen.push(9))
  motion.travelling(1000 + 2 * PULSE_MS)
  expect(seen).toHaveLength(1)
  expect(motion.busy).toBe(false)
})

test('draws at most 600 pulses', () => {
  const motion = new Motion()
  motion.take({ ...STEP, bytesIn: Array.from({ length: 5000 }, (_, place) => place) }, 0)
  expect(motion.pulses).toBe(600)
})
