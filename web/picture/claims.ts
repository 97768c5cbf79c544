import { formatCount } from '../text/format.ts'
import { messages } from '../text/messages.ts'
import type { Motion } from './motion.ts'
import { sickIn, STATUS, type Status } from './status.ts'
import type { Drawing } from './view.ts'

/** The numbers that a drawing shows. */
export function claimsOf({ scene, kernel }: Drawing, { births, pulses }: Pick<Motion, 'births' | 'pulses'>) {
  const count = (status: Status): number => scene.counts[status] ?? 0
  return {
    picture: scene.mode,
    capacity: scene.capacity,
    sockets: scene.live,
    groups: [...scene.groups.all.values()].filter(({ live }) => live > 0).length,
    waiting: kernel?.acceptQueue?.length ?? 0,
    halfClosed: count(STATUS.half),
    stopped: count(STATUS.stopped),
    problems: sickIn(scene.sickCounts).count,
    timeWait: count(STATUS.timeWait),
    fin: count(STATUS.fin),
    reset: count(STATUS.reset),
    births,
    pulses,
  }
}
export type Claims = ReturnType<typeof claimsOf>

/** The same in words, for screen readers. */
export function summaryOf({ listener, kernel }: Pick<Drawing, 'listener' | 'kernel'>, claims: Claims): string {
  return messages.picture.summary({
    port: listener.local.port,
    listening: listener.state !== 'stopping',
    live: formatCount(claims.sockets),
    count: claims.sockets,
    addresses: formatCount(claims.groups),
    addressCount: claims.groups,
    waiting: formatCount(claims.waiting),
    half: formatCount(claims.halfClosed),
    stopped: formatCount(claims.stopped),
    attention: messages.ports.attention(claims.problems, formatCount(claims.problems)),
    // As in the drawing's caption: all that the kernel has, with and without a place.
    timeWait: formatCount(kernel?.timeWait ?? 0),
  })
}
