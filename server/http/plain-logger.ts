import type { FastifyBaseLogger } from 'fastify'

/**
 * The logger without its own fields. Fastify keeps a deep copy of its options, and a pino logger has its stream, its symbols and
 * its serializers among its fields.
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
