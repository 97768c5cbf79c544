import { Writable } from 'node:stream'
import { type Logger, pino } from 'pino'

/** Bytes that may wait for a slow reader of the log. Further lines are dropped. */
const WAITING_MAX = 1024 * 1024

/** Lines of the log that could not be written: the disk is full, the reader is gone or too slow. */
export interface Lost {
  lines: number
}

/** Readable lines on a terminal, JSON otherwise. A log that cannot be written costs lines, never time. */
export async function buildLog(level: string, out: NodeJS.WriteStream): Promise<{ log: Logger; lost: Lost }> {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  const lost = { lines: 0 }
  const sink = lossySink(out, lost, (lines) => log.warn({ lines }, 'lines of this log could not be written'))
  const log = out.isTTY ? pino(options, await readable(sink)) : pino(options, sink)
  return { log, lost }
}

async function readable(destination: Writable): Promise<Writable> {
  const { default: pretty } = await import('pino-pretty')
  return pretty({ destination, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' })
}

/**
 * Writes to standard output, which Node does not make wait for a pipe. pino's own destination tries again for ever when a disk is
 * full, and so stops the process.
 * @param recovered called with the number of lines lost, after a line has been written again
 */
function lossySink(out: NodeJS.WriteStream, lost: Lost, recovered: (lines: number) => void): Writable {
  let told = 0
  // Each failed write reports its error a second time here.
  out.on('error', () => {})
  const written = (error?: Error | null): void => {
    if (error) lost.lines++
    else if (lost.lines > told) {
      const lines = lost.lines - told
      told = lost.lines
      recovered(lines)
    }
  }
  return new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      if (out.writableLength > WAITING_MAX) lost.lines++
      else out.write(line, written)
      done()
    },
  })
}
