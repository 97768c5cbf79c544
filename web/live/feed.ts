/** What a socket tells the feed. */
export interface SocketEvents {
  message: (data: unknown) => void
  /** Closed, or never opened; with the WebSocket's close code. */
  closed: (code: number) => void
}

/** Opens a socket; tests hand in their own. */
export type OpenSocket = (events: SocketEvents) => { send: (text: string) => void; close: () => void }

export interface FeedOptions {
  open: OpenSocket
  /** Calls back with each parsed frame. */
  onFrame: (frame: unknown) => void
  /** The connection is lost, or an attempt to make one has failed; another attempt is on its way. */
  onLost: (code: number) => void
  setTimer?: (callback: () => void, delayMs: number) => unknown
  clearTimer?: (timer: unknown) => void
  random?: () => number
}

/** RFC 6455, 7.4.1: the other side goes away, and that no code was given. */
export const GOING_AWAY = 1001
const NO_CODE = 1005

const FIRST_PAUSE_MS = 400
const LONGEST_PAUSE_MS = 15_000

/**
 * A WebSocket of JSON frames that reconnects for ever, with growing pauses. It knows nothing of what the frames mean.
 * Events of a socket that is no longer the current one are ignored: a socket that was given up can still speak.
 */
export class Feed {
  #options: Required<FeedOptions>
  #socket: ReturnType<OpenSocket> | null = null
  #timer: unknown = null
  #failures = 0
  #stopped = true

  constructor(options: FeedOptions) {
    this.#options = {
      setTimer: (callback, delayMs) => setTimeout(callback, delayMs),
      clearTimer: (timer) => clearTimeout(timer as number),
      random: Math.random,
      ...options,
    }
  }

  start(): void {
    this.#stopped = false
    this.#connect()
  }

  stop(): void {
    this.#stopped = true
    this.#clearTimer()
    const socket = this.#socket
    this.#socket = null
    socket?.close()
  }

  /** To the server, if there is a link to it: only what is asked again after each reconnect. */
  send(frame: object): void {
    this.#socket?.send(JSON.stringify(frame))
  }

  /** Does not wait for the pause to end: the network is back, or a person asks. */
  retryNow(): void {
    if (this.#timer === null) return
    this.#clearTimer()
    this.#connect()
  }

  /** The link says nothing more, not even that it has gone: another one is made. */
  giveUp(): void {
    if (this.#socket !== null) this.#abandon()
  }

  #connect(): void {
    const current = () => socket === this.#socket
    const socket = this.#options.open({
      message: (data) => {
        if (current()) this.#receive(data)
      },
      closed: (code) => {
        if (current()) this.#lose(code)
      },
    })
    this.#socket = socket
  }

  #receive(data: unknown): void {
    let frame: unknown
    try {
      frame = JSON.parse(String(data))
    } catch {
      this.#abandon()
      return
    }
    this.#failures = 0
    this.#options.onFrame(frame)
  }

  /** What comes after a broken frame cannot be trusted: start afresh. */
  #abandon(): void {
    const socket = this.#socket
    this.#lose(NO_CODE)
    socket?.close()
  }

  #lose(code: number): void {
    this.#socket = null
    if (this.#stopped) return
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 1.7 ** this.#failures)
    this.#failures++
    // Jitter, so that the dashboards of a whole class do not all come back in the same millisecond.
    this.#timer = this.#options.setTimer(
      () => {
        this.#timer = null
        this.#connect()
      },
      pause * (0.6 + 0.4 * this.#options.random()),
    )
    this.#options.onLost(code)
  }

  #clearTimer(): void {
    if (this.#timer !== null) this.#options.clearTimer(this.#timer)
    this.#timer = null
  }
}

export function openWebSocket(url: string, protocol: string): OpenSocket {
  return ({ message, closed }) => {
    const socket = new WebSocket(url, protocol)
    socket.addEventListener('message', (event) => message(event.data))
    socket.addEventListener('close', ({ code }) => closed(code))
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text)
      },
      close: () => socket.close(),
    }
  }
}
