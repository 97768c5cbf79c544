import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { IdNote, Ids } from '../../../server/listener/ids.ts'

const SKIPPED_MAX = 20

test.skipIf(process.platform !== 'linux')(
  'processes that die one after another use each id once, and skip few',
  async () => {
    const note = (await IdNote.create()) ?? expect.unreachable()
    onTestFinished(() => note.close())
    expect(note.free).toBe(null)
    let last = 0
    const lives = fc.array(fc.nat(50), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(lives, (counts) => {
        for (const count of counts) {
          const ids = new Ids(note.free ?? 1, note.fd)
          for (let taken = 0; taken < count; taken++) {
            const id = ids.take()
            expect(id).toBeGreaterThan(last)
            expect(id).toBeLessThanOrEqual(last + 1 + (taken === 0 ? SKIPPED_MAX - 1 : 0))
            last = id
          }
        }
      }),
    )
  },
)

test('without a note ids rise one by one', () => {
  const ids = new Ids(7, null)
  expect([ids.take(), ids.take(), ids.take()]).toEqual([7, 8, 9])
})
