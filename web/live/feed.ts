/** Callbacks of a socket. */
export interface SocketEvents {
  message: (data: unknown) => void
  /** The socket has closed, or it could not be opened. `code` is the WebSocket close code. */
  closed: (code: number) => void
}

/** Opens a socket. Tests pass their own. */
export type OpenSocket = (events: SocketEvents) => { send: (text: string) => void; close: () => void }

export interface FeedOptions {
  open: OpenSocket
  /** Calls back with each parsed frame. */
  onFrame: (frame: unknown) => void
  /** The connection was lost, or an attempt to connect failed. The next attempt is already scheduled. */
  onLost: (code: number) => void
  setTimer?: (callback: () => void, delayMs: number) => unknown
  clearTimer?: (timer: unknown) => void
  random?: () => number
}

/** Close codes of RFC 6455, 7.4.1: the server is shutting down, and no code was given. */
export const GOING_AWAY = 1001
const NO_CODE = 1005

const FIRST_PAUSE_MS = 400
const LONGEST_PAUSE_MS = 15_000

/**
 * A WebSocket of JSON frames that reconnects forever, with growing pauses. It does not interpret the frames. Events
 * of an abandoned socket are ignored, because they can still arrive.
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

  /** Sends a frame if the link is up, and drops it otherwise. Readers must repeat their requests after each reconnect. */
  send(frame: object): void {
    this.#socket?.send(JSON.stringify(frame))
  }

  /** Reconnects at once instead of after the pause, for example because the network is back. */
  retryNow(): void {
    if (this.#timer === null) return
    this.#clearTimer()
    this.#connect()
  }

  /** Replaces a link that is silent but has not closed. */
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

  /** Reconnects, because nothing after a broken frame can be trusted. */
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
    // Jitter, so that the dashboards of a whole class do not reconnect in the same millisecond.
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
