import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Ajv } from 'ajv'
import { HttpError } from './errors.ts'

/**
 * Query and path values are text, so numbers and booleans have to be parsed from it. 1e400 parses as Infinity, which ajv compares
 * with no maximum unless `strictNumbers` is off.
 */
const fromText = new Ajv({ coerceTypes: 'array', useDefaults: true, strictNumbers: false })
/** JSON has types: a number is not accepted as a string, nor a string as a list of one. */
const fromJson = new Ajv({ useDefaults: true })

/** Validates requests against the schemas. Answers are sent unfiltered: the tests compare them with their schemas. */
export function checkInput(app: FastifyInstance): void {
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? fromJson : fromText).compile(schema))
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.removeContentTypeParser('text/plain')
  app.addHook('preValidation', async (request) => refuseUnknownParameters(request))
}

/** A misspelt parameter would otherwise be ignored, and the answer look right. The page's own files take any query. */
function refuseUnknownParameters({ query, routeOptions }: FastifyRequest): void {
  const { schema } = routeOptions
  if (schema === undefined) return
  const known = [...propertiesOf(schema.querystring), ...(takesToken(schema) ? ['token'] : [])]
  const unknown = Object.keys(Object(query)).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const which = known.length === 0 ? 'This path takes none' : `Known here: ${known.join(', ')}`
  throw new HttpError(400, 'INVALID', `Unknown query parameter ${JSON.stringify(unknown.slice(0, 50))}. ${which}.`)
}

function propertiesOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null || !('properties' in schema)) return []
  return Object.keys(Object(schema.properties))
}

/** Streams take the token in the query, because a browser's WebSocket cannot send headers. */
function takesToken({ security }: { security?: readonly Record<string, readonly string[]>[] }): boolean {
  return security?.some((scheme) => 'query' in scheme) === true
}
