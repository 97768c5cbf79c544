import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

/** Readable lines on a terminal, JSON otherwise. */
export function buildLog(level: string, terminal: boolean): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  return terminal ? pino(options, pretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' })) : pino(options)
}
