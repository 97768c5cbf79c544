import type { FastifyPluginAsync } from 'fastify'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { ref } from '../../../shared/schema/base.ts'
import {
  AcceptChangeModel,
  ActionChangeModel,
  CloseChangeModel,
  DataChangeModel,
  EvidenceChangeModel,
  ProblemChangeModel,
  RefusedChangeModel,
  SkippedChangeModel,
} from '../../../shared/schema/changes.ts'
import type { Hub, Reader, Sink } from '../../table/hub.ts'
import type { Part } from '../../table/job.ts'
import type { ReaderPlaces } from '../access/reader-places.ts'
import { changesOf } from './frames.ts'
import { answers, NO_PLACE, STREAM_SECURITY } from '../schemas/common.ts'

/** Silence in milliseconds after which the kernel checks whether the reader still exists. */
const KEEP_ALIVE_MS = 30_000
/** Silence in milliseconds after which an empty line is sent. Proxies close silent responses, some after 30 s. */
const HEARTBEAT_MS = 15_000

const EventSchema = Type.Union([
  ref(AcceptChangeModel),
  ref(DataChangeModel),
  ref(CloseChangeModel),
  ref(EvidenceChangeModel),
  ref(RefusedChangeModel),
  ref(ProblemChangeModel),
  ref(ActionChangeModel),
  ref(SkippedChangeModel),
])

const schema = {
  tags: ['streams'],
  summary: 'Follow the changes from now on, one a line',
  description:
    'JSON objects, each with a `kind`: `accept`, `data` (running totals), `close`, `evidence` (the kernel on that close), `problem`, `refused`, `action`. A reader that falls behind ' +
    'gets `{"kind":"skipped","count":n}`. After 15 s without a change an empty line is sent; ignore it, as jq does. For `curl -N … | jq`.',
  security: STREAM_SECURITY,
  response: answers(
    {
      200: {
        description: 'The stream lasts as long as the reader stays.',
        content: { 'application/x-ndjson': { schema: EventSchema } },
      },
    },
    ...NO_PLACE,
  ),
}

/** Serves `GET /api/events`: changes from now on, one per line, until the reader disconnects. */
export const eventsRoute: FastifyPluginAsync<{ hub: Hub; places: ReaderPlaces }> = async (app, { hub, places }) => {
  // A HEAD request would occupy a reader's place without reading.
  app.get('/api/events', { exposeHeadRoute: false, schema }, async (request, reply) => {
    // Without keep-alive probes, a reader whose machine has vanished would keep its place forever.
    request.socket.setKeepAlive(true, KEEP_ALIVE_MS)
    // A stream waits for its reader.
    request.socket.setTimeout(0)
    places.check(request)
    // Send the headers at once, so that the reader need not wait for the first change.
    reply.raw.once('pipe', () => reply.raw.flushHeaders())
    return (
      reply
        .type('application/x-ndjson; charset=utf-8')
        .header('cache-control', 'no-store')
        // For nginx, which otherwise holds the lines back until its buffer is full.
        .header('x-accel-buffering', 'no')
        .send(new EventLines(hub, places.take(request)))
    )
  })
}

/** A stream that asks the hub for data only when its reader has read, so at most one part waits in memory. */
class EventLines extends Readable implements Sink {
  readonly snapshots = false
  #wanted = true
  readonly #heartbeat: NodeJS.Timeout
  readonly #reader: Reader
  readonly #free: () => void

  constructor(hub: Hub, free: () => void) {
    super({ encoding: 'utf8' })
    this.#free = free
    this.#heartbeat = setInterval(() => {
      if (this.#wanted) this.#write('\n')
    }, HEARTBEAT_MS)
    this.#reader = hub.join(this)
  }

  ready(): boolean {
    return this.#wanted
  }

  deliver(part: Part): void {
    const lines = changesOf(part, null).map((change) => `${JSON.stringify(change)}\n`)
    if (lines.length > 0) this.#write(lines.join(''))
  }

  skipped(count: number): void {
    this.#write(`{"kind":"skipped","count":${count}}\n`)
  }

  announced(): void {}

  override _read(): void {
    this.#wanted = true
    this.#reader.wake()
  }

  #write(text: string): void {
    this.#wanted = this.push(text)
    this.#heartbeat.refresh()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.#heartbeat)
    this.#reader.leave()
    this.#free()
    done(error)
  }
}
