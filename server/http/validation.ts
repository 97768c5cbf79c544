import type { FastifyInstance } from 'fastify'
import { Ajv } from 'ajv'

/**
 * For paths and queries, which are text, so numbers and booleans have to be parsed. ajv would skip the maximum for
 * Infinity (from 1e400), hence `strictNumbers: false`.
 */
const fromText = new Ajv({ coerceTypes: 'array', useDefaults: true, strictNumbers: false })
/** For JSON bodies, which have types: no conversion. */
const fromJson = new Ajv({ useDefaults: true })

/** Validates requests against their schemas. Responses are not validated here; the tests check them. */
export function checkInput(app: FastifyInstance): void {
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? fromJson : fromText).compile(schema))
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.removeContentTypeParser('text/plain')
}
