import type { WebSocket } from '@fastify/websocket'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { plainAddress } from '../../../shared/endpoint.ts'
import type { AliveFrame, ClassFrame, HelloFrame, KernelFrame, ListenerFrame } from '../../../shared/stream.ts'
import { ALIVE_MS, PROTOCOL, SUBPROTOCOL } from '../../../shared/stream.ts'
import { clock } from '../../clock.ts'
import type { Student } from '../../class/session.ts'
import type { Sink, Topic } from '../../table/hub.ts'
import type { Part } from '../../table/job.ts'
import { type AccessOptions, isReadOnly } from '../access/access.ts'
import type { ReaderPlaces } from '../access/reader-places.ts'
import { type Asked, ClientFrames } from './client-frames.ts'
import { HttpError } from '../errors.ts'
import { Follower } from './follower.ts'
import { partFrame } from './frames.ts'
import { answers, NO_PLACE, STREAM_SECURITY } from '../schemas/common.ts'
import type { Services } from '../services.ts'

/** A reader with more unsent bytes than this gets nothing new for now. */
const BUFFERED_MAX = 64 * 1024
/** Unanswered pings after which a dashboard counts as gone. Each `alive` frame comes with a ping. */
const UNANSWERED_MAX = 6

const schema = {
  tags: ['streams'],
  summary: 'Follow the table, as a WebSocket',
  description:
    'Subprotocol `oneport.v1`, JSON text frames with a `type`: `hello`, then `snapshot` frames, then `changes` without a gap. A reader ' +
    'that falls behind gets `snapshot` frames again. Send `{"type":"follow","id":3}` to get the bytes of one connection as `payload` ' +
    'frames, or `null` as the id to get none. A bad frame is answered with an `error` frame; the fifth in a row closes with 1008.',
  security: STREAM_SECURITY,
  response: answers({ 101: Type.Null({ description: 'The stream begins.' }) }, 'UPGRADE_REQUIRED', ...NO_PLACE),
}

const preflightSchema = {
  tags: ['streams'],
  summary: 'Whether a WebSocket would be accepted',
  description:
    'The same checks as for the upgrade, `Origin` included, with their status and code. A page asks this because browsers hide why a ' +
    'WebSocket was refused.',
  security: STREAM_SECURITY,
  response: answers({ 204: Type.Null({ description: 'It would be accepted.' }) }, ...NO_PLACE),
}

/** Serves `/ws`: `hello`, a snapshot in parts, then all changes. */
export const streamRoute: FastifyPluginAsync<{
  services: Services
  access: AccessOptions
  places: ReaderPlaces
}> = async (app, { services, access, places }) => {
  app.route({
    method: 'GET',
    url: '/ws',
    exposeHeadRoute: false,
    schema,
    preHandler: async (request) => places.check(request),
    handler: async () => {
      throw new HttpError(426, 'UPGRADE_REQUIRED', 'This path is a WebSocket: send an upgrade request.')
    },
    wsHandler: (socket, request) => {
      socket.on('close', places.take(request))
      serve(socket, services, readerOf(request, access))
    },
  })
  app.options('/ws', { schema: preflightSchema }, async (request, reply) => {
    places.check(request)
    void reply.code(204)
  })
}

const PROXIED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via']

/** The facts in `hello` about the reader itself. */
type ReaderFacts = Pick<HelloFrame, 'readOnly' | 'joined' | 'readerAddress'> & {
  student: Student | null
  classId: string | null
}

function readerOf(request: FastifyRequest, access: AccessOptions): ReaderFacts {
  return {
    readOnly: isReadOnly(request, access),
    joined: request.right !== 'full',
    student: request.student,
    classId: request.classId,
    // A proxy between adds one of these (RFC 7239; RFC 9110, 7.6.3), and its address says nothing about the reader.
    readerAddress: PROXIED.some((name) => request.headers[name] !== undefined)
      ? null
      : plainAddress(request.socket.remoteAddress ?? '') || null,
  }
}

function serve(socket: WebSocket, services: Services, facts: ReaderFacts): void {
  const sink = new DashboardSink(socket, services, facts)
  const frames = new ClientFrames(socket, sink)
  sink.hello()
  const reader = services.hub.join(sink)
  sink.wake = () => reader.wake()

  let unanswered = 0
  const alive = setInterval(() => {
    if (unanswered++ >= UNANSWERED_MAX) return socket.terminate()
    socket.ping()
    sink.alive()
  }, ALIVE_MS)
  socket.on('pong', () => (unanswered = 0))
  socket.on('message', (data, isBinary) => frames.receive(data, isBinary))
  socket.on('ping', (data) => frames.pinged(data))
  socket.on('close', () => {
    clearInterval(alive)
    sink.follow(null)
    reader.leave()
  })
}

/** For ws: chooses our subprotocol if it is offered. Clients that offer none are served too. */
export function chooseProtocol(offered: Set<string>): string | false {
  return offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false
}

class DashboardSink implements Sink, Asked {
  readonly snapshots = true
  wake: () => void = () => {}
  readonly #socket: WebSocket
  readonly #services: Services
  readonly #reader: ReaderFacts
  readonly #follower: Follower

  constructor(socket: WebSocket, services: Services, reader: ReaderFacts) {
    this.#socket = socket
    this.#reader = reader
    this.#services = services
    const { actions, table, capture } = services
    this.#follower = new Follower(
      actions,
      table,
      capture,
      () => this.ready(),
      (frame) => socket.send(JSON.stringify(frame), () => this.#woken()),
    )
  }

  follow(id: number | null): boolean {
    return this.#follower.follow(id)
  }

  ready(): boolean {
    return this.#socket.readyState === this.#socket.OPEN && this.#socket.bufferedAmount < BUFFERED_MAX
  }

  deliver(part: Part, resync: boolean): void {
    const frame = partFrame(part, this.#services.table, resync)
    this.#socket.send(frame, { binary: false }, () => this.#woken())
    this.#follower.look()
  }

  skipped(): void {}

  hello(): void {
    const { instance, version, listener, history, kernel } = this.#services
    const { readOnly, joined, readerAddress } = this.#reader
    const now = clock.now()
    this.#send({
      type: 'hello',
      protocol: PROTOCOL,
      instance,
      version,
      now,
      ...{ readOnly, joined, readerAddress },
      listener,
      history: history.samples,
      kernel: kernel.state,
    })
    if (this.#services.room.session !== null) this.#tellClass()
  }

  #tellClass(): void {
    const { student, classId } = this.#reader
    const own = student === null || student.gone ? null : student.id
    const { session, state } = this.#services.room
    const over = classId !== null && session?.id !== classId
    // Its secret is worth nothing any more, and the next class is not this reader's.
    this.#send({ type: 'class', class: over ? null : state, student: own })
    if (over) this.#socket.close(1008, 'the class has ended')
  }

  alive(): void {
    if (this.ready()) this.#send({ type: 'alive', now: clock.now() })
  }

  announced(topic: Topic): void {
    if (topic === 'times') this.hello()
    else if (topic === 'listener') this.#send({ type: 'listener', listener: this.#services.listener })
    else if (topic === 'class') this.#tellClass()
    else this.#send({ type: 'kernel', kernel: this.#services.kernel.state })
    this.#follower.look()
  }

  #woken(): void {
    this.wake()
    this.#follower.look()
  }

  #send(frame: HelloFrame | ClassFrame | ListenerFrame | KernelFrame | AliveFrame): void {
    this.#socket.send(JSON.stringify(frame))
  }
}
