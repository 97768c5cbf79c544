import type { Severity } from '../../shared/diagnosis.ts'
import type { Row } from '../live/row.ts'

/** The look of a socket. Numbers, because a typed array holds one per socket. */
export const STATUS = {
  none: 0,
  open: 1,
  half: 2,
  /** Reading was stopped by hand. */
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
    return readingPaused ? STATUS.stopped : STATUS.open
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

/** How bad the problem of a socket is. A worse problem has a higher number. */
export const SICK = { none: 0, warning: 1, critical: 2 } as const satisfies Record<Severity | 'none', number>

export type Sick = (typeof SICK)[keyof typeof SICK]

/** How many sockets are sick, by Sick. */
export type SickCounts = [none: 0, warning: number, critical: number]

export function sickOf({ problem }: Pick<Row, 'problem'>): Sick {
  return SICK[problem?.severity ?? 'none']
}

export function countSick(counts: SickCounts, sick: Sick, by: number): void {
  if (sick !== SICK.none) counts[sick] += by
}

export function sickIn([, warning, critical]: SickCounts): { count: number; worst: Sick } {
  return {
    count: warning + critical,
    worst: critical > 0 ? SICK.critical : warning > 0 ? SICK.warning : SICK.none,
  }
}
