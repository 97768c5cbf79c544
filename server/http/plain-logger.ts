import type { FastifyBaseLogger } from 'fastify'

/**
 * A logger with its level and methods only. Fastify keeps a deep copy of its options, and a pino logger would bring its stream,
 * symbols and serializers into this copy.
 */
export function plainLogger(log: FastifyBaseLogger): FastifyBaseLogger {
  return {
    level: log.level,
    fatal: log.fatal.bind(log),
    error: log.error.bind(log),
    warn: log.warn.bind(log),
    info: log.info.bind(log),
    debug: log.debug.bind(log),
    trace: log.trace.bind(log),
    silent: log.silent.bind(log),
    child: log.child.bind(log),
  }
}
