import { peerNotReading } from '../../shared/diagnosis.ts'
import type { Row } from '../live/row.ts'

/** The look of a socket. Numbers, because a typed array holds one per socket. */
export const STATUS = {
  none: 0,
  open: 1,
  half: 2,
  /** One of the two sides has stopped reading. */
  stopped: 3,
  /** No process holds it, and the kernel is still closing it: FIN_WAIT, CLOSING, LAST_ACK. */
  closing: 4,
  timeWait: 5,
  fin: 6,
  reset: 7,
} as const

export type Status = (typeof STATUS)[keyof typeof STATUS]

export type Drawn = Pick<Row, 'state' | 'close' | 'kernel' | 'readingPaused'>

export function statusOf({ state, close, kernel, readingPaused }: Drawn): Status {
  if (close === null) {
    if (state === 'half-closed') return STATUS.half
    return readingPaused || (kernel !== null && peerNotReading(kernel)) ? STATUS.stopped : STATUS.open
  }
  switch (kernel?.tcpState) {
    case 'TIME_WAIT':
      return STATUS.timeWait
    case 'FIN_WAIT_1':
    case 'FIN_WAIT_2':
    case 'CLOSING':
    case 'LAST_ACK':
      return STATUS.closing
    default:
      // The newest sample may be older than the close.
      return close.how === 'fin' && close.reset === null ? STATUS.fin : STATUS.reset
  }
}

export function isLive(status: Status): boolean {
  return status === STATUS.open || status === STATUS.half || status === STATUS.stopped
}
