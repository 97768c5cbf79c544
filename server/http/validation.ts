import type { FastifyInstance } from 'fastify'
import { Ajv } from 'ajv'

/**
 * A query or a path is text, so its numbers and switches have to be read from it. 1e400 is read as Infinity, which ajv compares
 * with no maximum unless told to.
 */
const fromText = new Ajv({ coerceTypes: 'array', useDefaults: true, strictNumbers: false })
/** JSON has types: a number is not taken for a string, nor a string for a list of one. */
const fromJson = new Ajv({ useDefaults: true })

/** What comes in is checked against the schemas. What goes out is sent whole: the tests compare it with its schema. */
export function checkInput(app: FastifyInstance): void {
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? fromJson : fromText).compile(schema))
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.removeContentTypeParser('text/plain')
}
