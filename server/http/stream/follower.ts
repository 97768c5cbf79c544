import type { PayloadExtent, PayloadFrame } from '../../../shared/payload.ts'
import { ListenerUnresponsive } from '../../listener-failure.ts'
import type { Actions, PayloadPiece } from '../../ports/actions.ts'
import type { ConnectionTable } from '../../table/table.ts'
import { written } from '../../../shared/untaken.ts'

/** Approximate limit of bytes in a frame, and the pause after each frame. */
const FRAME_BYTES = 128 * 1024
const PACE_MS = 100

/**
 * Sends the captured bytes of the one connection that a dashboard follows. Its position is the number of the last
 * chunk sent. It requests the next chunks only when there are new ones and the dashboard can take them, so a slow
 * dashboard skips chunks that were dropped meanwhile.
 */
export class Follower {
  readonly #actions: Pick<Actions, 'payload'>
  readonly #table: Pick<ConnectionTable, 'get'>
  /** Captured bytes dropped so far, for all connections together. Only a change of this number matters. */
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

  /**
   * Starts at the connection's first captured chunk.
   * @param id null stops following
   * @returns false if there is no such connection
   */
  follow(id: number | null): boolean {
    if (id !== null && this.#table.get(id) === null) return false
    this.#followed = id === null ? null : { id, after: 0, asked: null, more: false, sent: null }
    this.look()
    return true
  }

  /** Requests more bytes if there are some. Call it after each change, and when the dashboard has room again. */
  look(): void {
    const followed = this.#followed
    if (followed === null || this.#busy || !this.#ready()) return
    const entry = this.#table.get(followed.id)
    if (entry === null) return
    const { progress } = entry
    // Bytes are captured when they are written, which may be long before the kernel takes them.
    const totals = { in: progress.bytesIn, out: written(progress), dropped: this.#capture.dropped }
    const { asked, more } = followed
    const same = asked?.in === totals.in && asked.out === totals.out && asked.dropped === totals.dropped
    if (!more && same) return
    this.#busy = true
    void this.#ask(followed, totals)
  }

  async #ask(followed: Followed, totals: Asked): Promise<void> {
    const piece = await this.#actions.payload(followed.id, followed.after, FRAME_BYTES).catch(lost)
    // The dashboard may have switched to another connection or have no room now. In that case the request is
    // repeated.
    if (piece !== UNANSWERED && this.#followed === followed && this.#ready()) this.#take(followed, piece, totals)
    setTimeout(() => {
      this.#busy = false
      this.look()
    }, PACE_MS)
  }

  #take(followed: Followed, piece: PayloadPiece | null, asked: Asked): void {
    const totals = { in: asked.in, out: asked.out }
    const { chunks, more, from, to } = piece ?? { chunks: [], more: false, from: totals, to: totals }
    const { sent } = followed
    const dropped = sent?.dropped !== asked.dropped && (sent?.from.in !== from.in || sent.from.out !== from.out)
    followed.after = chunks.at(-1)?.n ?? followed.after
    followed.asked = asked
    followed.more = more
    // The first frame is sent even without chunks, because it says that there are none. So is one after other
    // connections have pushed out captured bytes of this one.
    if (chunks.length === 0 && !dropped) return
    followed.sent = { from, dropped: asked.dropped }
    this.#send({ type: 'payload', id: followed.id, from, to, chunks, more })
  }
}

const UNANSWERED = Symbol('unanswered')

/** Bytes are lost with their process, but a hung process still has them. */
function lost(error: unknown): null | typeof UNANSWERED {
  return error instanceof ListenerUnresponsive ? UNANSWERED : null
}

/** The totals of the connection, and the captured bytes dropped of all connections. */
type Asked = PayloadExtent['from'] & { dropped: number }

interface Followed {
  id: number
  /** Number of the last chunk sent. */
  after: number
  /** The totals at the last request, and whether more chunks were available then. */
  asked: Asked | null
  more: boolean
  /** The extent and the dropped bytes at the last frame. */
  sent: { from: PayloadExtent['from']; dropped: number } | null
}
