import { describe, expect, test } from 'vitest'
import type { Action } from '../../../shared/action.ts'
import { EventLog } from '../../../web/connection/events.ts'
import { NOW, row } from '../live/rows.ts'

function sent(at: number, bytes: number, code: string | null = null): Action {
  return { at, kind: 'send', bytes, waiting: 0, behavior: null, code, kernel: null }
}

describe('the events of a connection', () => {
  function kindsAfter(bytes: { in?: number; out?: number }, actions: Action[]): string[] {
    const log = new EventLog(row(1))
    Object.assign(log.row, { bytesIn: bytes.in ?? 0, bytesOut: bytes.out ?? 0, lastActivityAt: NOW + 1000, actions })
    log.observe()
    return log.events().map(({ kind }) => kind)
  }

  test('of a send there is one: the action that tells of its bytes', () => {
    expect(kindsAfter({ out: 16 }, [sent(NOW + 990, 16)])).toEqual(['accepted', 'action'])
  })

  test('other bytes stand beside it', () => {
    expect(kindsAfter({ out: 17 }, [sent(NOW + 990, 16)])).toEqual(['accepted', 'action', 'data'])
    expect(kindsAfter({ in: 1, out: 16 }, [sent(NOW + 990, 16)])).toEqual(['accepted', 'action', 'data'])
    expect(kindsAfter({ out: 16 }, [sent(NOW + 3000, 16)])).toEqual(['accepted', 'data', 'action'])
    expect(kindsAfter({ out: 16 }, [sent(NOW + 990, 16, 'SEND_QUEUE_FULL')])).toEqual(['accepted', 'action', 'data'])
  })
})
