import type { CloseAction } from '../../shared/action.ts'
import {
  addressOfStudent,
  type ClassFacts,
  type ClassState,
  type OpenedClass,
  type OwnFacts,
  QUOTA,
} from '../../shared/class.ts'
import type { ClientRecord } from '../../shared/client.ts'
import { type Endpoint, familyOf, isWildcard } from '../../shared/endpoint.ts'
import type { Listener } from '../../shared/stream.ts'
import { clock } from '../clock.ts'
import { ClientError, type Clients } from '../clients/clients.ts'
import { reachableAddresses } from '../own-address.ts'
import { Session, type Student } from './session.ts'

/** What everybody sees changes at most so often, however many students join and answer. */
const TELL_MS = 300
const SWEEP_MS = 30_000

/** The second dashboard listener, which is there as long as the class is. */
export interface RoomListener {
  port: number
  close(): Promise<void>
}

export interface ClassRoomOptions {
  clients: Clients
  /** The listening socket to which the students' connections go. */
  listener: Pick<Listener, 'local' | 'behavior'>
  /** Starts the dashboard for students. @throws the errno of bind or listen */
  listen(at: Endpoint): Promise<RoomListener>
  /** Something that everybody sees has changed. */
  changed(): void
}

/** The class that is open, if one is: the dashboard for students, and the students' own connections. */
export class ClassRoom {
  readonly #options: ClassRoomOptions
  #open: { session: Session; room: RoomListener; address: string; sweeping: NodeJS.Timeout } | null = null
  #opening = false
  #stopped = false
  /** No student of a later class gets the address of one before. */
  #nextStudent = 1
  #telling: NodeJS.Timeout | undefined

  constructor(options: ClassRoomOptions) {
    this.#options = options
  }

  get session(): Session | null {
    return this.#open?.session ?? null
  }

  get state(): ClassState | null {
    return this.session?.state() ?? null
  }

  facts(): ClassFacts {
    const addresses = reachableAddresses('::')
    if (this.#open === null) return { addresses, opened: null, state: null, roster: [], questions: [] }
    return { addresses, opened: this.#opened(), ...this.#open.session.facts() }
  }

  /** Opens the dashboard to the room. @returns null if a class is open already, or the server stops @throws the errno of bind or listen */
  async open(address: string, port: number): Promise<OpenedClass | null> {
    if (this.#open !== null || this.#opening || this.#stopped) return null
    this.#opening = true
    try {
      const room = await this.#options.listen({ address, port })
      if (this.#stopped) {
        await room.close()
        return null
      }
      const sweeping = setInterval(() => this.#sweep(), SWEEP_MS)
      this.#open = { session: new Session(clock.now(), this.#nextStudent), room, address, sweeping }
    } finally {
      this.#opening = false
    }
    this.#options.changed()
    return this.#opened()
  }

  /** Ends the class: its dashboard, its secret and all its connections. What was answered is gone. */
  async end(): Promise<void> {
    const open = this.#open
    if (open === null) return
    this.#open = null
    this.#nextStudent = open.session.nextId
    clearInterval(open.sweeping)
    clearTimeout(this.#telling)
    this.#telling = undefined
    for (const student of open.session.present) this.#leave(open.session, student)
    this.#options.changed()
    await open.room.close()
  }

  /** Ends the class, and opens no other. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.end()
  }

  /** Tells everybody soon. */
  tell(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined
      this.#options.changed()
    }, TELL_MS)
  }

  leave(student: Student): void {
    if (this.session) this.#leave(this.session, student)
    this.tell()
  }

  own(student: Student): OwnFacts {
    const { id, name, stuck } = student
    return { id, name, stuck, clients: this.#clientsOf(student), answer: this.session?.answerOf(student) ?? null }
  }

  /** Opens a real connection from an address of the student's own, where this machine has such addresses. @throws ClientError */
  async connect(student: Student): Promise<ClientRecord> {
    const { session } = this
    if (this.#clientsOf(student).length + student.opening >= QUOTA) {
      throw new ClientError('QUOTA_USED', `A student may have ${QUOTA} connections at the same time.`)
    }
    if (this.#options.listener.behavior === 'chargen') {
      throw new ClientError(
        'CROWD_FLOODED',
        'The port sends without end (chargen). Wait until its behavior is changed.',
      )
    }
    student.opening++
    try {
      const address = this.#addressOf(student)
      const client = await this.#options.clients.open(address === null ? {} : { from: { address } })
      session?.connected(student, client)
      // The class has ended in the meantime, or the student has left.
      if (session !== this.session || student.gone) this.#options.clients.release(client.id)
      if (!this.#options.clients.has(client.id)) {
        throw new ClientError('CONNECTION_CLOSED', 'The server has closed the connection at once.')
      }
      this.tell()
      return client
    } finally {
      student.opening--
    }
  }

  /** Whether the built-in client is the student's own, and open. */
  owns(student: Student, id: number): boolean {
    return student.clients.includes(id) && this.#options.clients.has(id)
  }

  close(id: number, how: CloseAction): void {
    this.#options.clients.close(id, how)
    this.tell()
  }

  #clientsOf(student: Student): ClientRecord[] {
    const { clients } = this.#options
    student.clients = student.clients.filter((id) => clients.has(id))
    const open = student.clients.flatMap((id) => clients.record(id) ?? [])
    // One that has waited in the accept queue has its number only now.
    for (const { connectionId } of open) {
      if (connectionId !== null && this.session?.named(student, connectionId)) this.tell()
    }
    return open
  }

  /** One loopback address a student: so the board and the 4-tuples tell them apart. Linux has all of 127.0.0.0/8. */
  #addressOf({ id }: Student): string | null {
    const { address } = this.#options.listener.local
    const reaches = isWildcard(address) || (familyOf(address) === 4 && address.startsWith('127.'))
    return reaches && process.platform === 'linux' ? addressOfStudent(id) : null
  }

  #leave(session: Session, student: Student): void {
    session.leave(student)
    for (const id of student.clients) this.#options.clients.release(id)
  }

  #sweep(): void {
    for (const student of this.session?.overdue(clock.now()) ?? []) this.leave(student)
  }

  #opened(): OpenedClass | null {
    if (this.#open === null) return null
    const { session, room, address } = this.#open
    const { secret, code } = session
    return { address, port: room.port, addresses: reachableAddresses(address), secret, code }
  }
}
