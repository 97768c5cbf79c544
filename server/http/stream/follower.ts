import type { PayloadExtent, PayloadFrame } from '../../../shared/payload.ts'
import { ListenerUnresponsive } from '../../listener-failure.ts'
import type { Actions, PayloadPiece } from '../../ports/actions.ts'
import type { ConnectionTable } from '../../table/table.ts'

/** Roughly how many bytes one frame may bring, and how long after one the next is asked for. */
const FRAME_BYTES = 128 * 1024
const PACE_MS = 100

/**
 * The bytes of the one connection that a dashboard follows. It is a cursor too, the number of the last chunk sent: the next ones
 * are asked for when the table says there are some and the dashboard has room, so a slow one skips what was dropped meanwhile.
 */
export class Follower {
  readonly #actions: Pick<Actions, 'payload'>
  readonly #table: Pick<ConnectionTable, 'get'>
  /** Only its number counts: captured bytes dropped so far, of whichever connection. */
  readonly #capture: { readonly dropped: number }
  readonly #ready: () => boolean
  readonly #send: (frame: PayloadFrame) => void
  #followed: Followed | null = null
  #busy = false

  constructor(
    actions: Pick<Actions, 'payload'>,
    table: Pick<ConnectionTable, 'get'>,
    capture: { readonly dropped: number },
    ready: () => boolean,
    send: (frame: PayloadFrame) => void,
  ) {
    this.#actions = actions
    this.#table = table
    this.#capture = capture
    this.#ready = ready
    this.#send = send
  }

  /** From its first captured chunk; null: no longer any. @returns false when there is no such connection */
  follow(id: number | null): boolean {
    if (id !== null && this.#table.get(id) === null) return false
    this.#followed = id === null ? null : { id, after: 0, asked: null, more: false, told: null }
    this.look()
    return true
  }

  /** To be called when something may have changed, or when there is room again. */
  look(): void {
    const followed = this.#followed
    if (followed === null || this.#busy || !this.#ready()) return
    const entry = this.#table.get(followed.id)
    if (entry === null) return
    const { bytesIn, bytesOut } = entry.progress
    const totals = { in: bytesIn, out: bytesOut, dropped: this.#capture.dropped }
    const { asked, more } = followed
    const same = asked?.in === totals.in && asked.out === totals.out && asked.dropped === totals.dropped
    if (!more && same) return
    this.#busy = true
    void this.#ask(followed, totals)
  }

  async #ask(followed: Followed, totals: Asked): Promise<void> {
    const piece = await this.#actions.payload(followed.id, followed.after, FRAME_BYTES).catch(lost)
    // Meanwhile the dashboard may have gone on to another connection, or have no room: then this is asked for again.
    if (piece !== UNANSWERED && this.#followed === followed && this.#ready()) this.#take(followed, piece, totals)
    setTimeout(() => {
      this.#busy = false
      this.look()
    }, PACE_MS)
  }

  #take(followed: Followed, piece: PayloadPiece | null, asked: Asked): void {
    const totals = { in: asked.in, out: asked.out }
    const { chunks, more, from, to } = piece ?? { chunks: [], more: false, from: totals, to: totals }
    const { told } = followed
    const dropped = told?.dropped !== asked.dropped && (told?.from.in !== from.in || told.from.out !== from.out)
    followed.after = chunks.at(-1)?.n ?? followed.after
    followed.asked = asked
    followed.more = more
    // The first one always comes: that there is nothing is news too. So is that others have cost a quiet one its bytes.
    if (chunks.length === 0 && !dropped) return
    followed.told = { from, dropped: asked.dropped }
    this.#send({ type: 'payload', id: followed.id, from, to, chunks, more })
  }
}

const UNANSWERED = Symbol('unanswered')

/** The bytes are gone with their process; one that only does not answer still has them. */
function lost(error: unknown): null | typeof UNANSWERED {
  return error instanceof ListenerUnresponsive ? UNANSWERED : null
}

/** The totals, and what had been dropped of all connections. */
type Asked = PayloadExtent['from'] & { dropped: number }

interface Followed {
  id: number
  /** The number of the last chunk sent. */
  after: number
  /** How things stood when it was asked for last; and whether more was there even then. */
  asked: Asked | null
  more: boolean
  /** Of the frame that was sent last. */
  told: { from: PayloadExtent['from']; dropped: number } | null
}
