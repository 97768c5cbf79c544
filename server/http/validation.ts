import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Ajv, type ValidateFunction } from 'ajv'
import { HttpError } from './errors.ts'

// Without `meta`, ajv does not check our own schemas against JSON Schema. That check takes longer than compiling all
// of them.
const ours = { meta: false, validateSchema: false, useDefaults: true }
/**
 * For paths and queries, which are text, so numbers and booleans have to be parsed. ajv would skip the maximum for
 * Infinity (from 1e400), hence `strictNumbers: false`.
 */
const fromText = new Ajv({ ...ours, coerceTypes: 'array', strictNumbers: false })
/** For JSON bodies, which have types: no conversion. */
const fromJson = new Ajv(ours)

/** Validates requests against their schemas. Responses are not validated here; the tests check them. */
export function checkInput(app: FastifyInstance): void {
  app.setValidatorCompiler(({ schema, httpPart }) => {
    // Compiled at the first request that needs it, because compiling all schemas takes a quarter of the start.
    let validate: ValidateFunction | null = null
    return (data: unknown) => {
      validate ??= (httpPart === 'body' ? fromJson : fromText).compile(schema)
      return validate(data) || { error: validate.errors ?? [] }
    }
  })
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.removeContentTypeParser('text/plain')
  app.addHook('preValidation', async (request) => refuseUnknownParameters(request))
}

/**
 * Refuses unknown query parameters. Otherwise a misspelt one would be ignored, and the answer would look right. The
 * page's own files accept any query.
 */
function refuseUnknownParameters({ query, routeOptions }: FastifyRequest): void {
  const { schema } = routeOptions
  // @fastify/static hides its routes from the OpenAPI document in this way.
  if (schema === undefined || 'hide' in schema) return
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

/** Whether a route accepts the token in the query, as streams do. */
function takesToken({ security }: { security?: readonly Record<string, readonly string[]>[] }): boolean {
  return security?.some((scheme) => 'query' in scheme) === true
}
