import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Model } from '../../../../shared/schema/base.ts'
import { MODELS } from '../../../../server/http/schemas/models.ts'
import { serializer } from '../../../../server/http/schemas/serializer.ts'

interface Schema {
  $ref?: string
  anyOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  type?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
}

const schemaOf = (model: object): Schema => ({ ...model })
const models: Model<unknown>[] = [...MODELS]
const byRef = new Map<string, Schema>(models.map((model) => [`${model.$id}#`, schemaOf(model)]))
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\u2028', '\ud800', '</script>', '\0', '"},{"kind":"close"', 'я'.repeat(50) + '"'),
)

/** Values that match a schema, but with arbitrary text in every string, even where the schema has an enum. */
function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return valuesOf(byRef.get(schema.$ref) ?? {})
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valuesOf))
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum !== undefined) return typeof schema.enum[0] === 'string' ? hostile : fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'string':
      return hostile
    case 'integer':
      return fc.maxSafeInteger()
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), { maxLength: 4 })
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, valuesOf(inner)] as const)
      return fc.record(Object.fromEntries(fields), { requiredKeys: schema.required ?? [] })
    }
    default:
      throw new Error(`no values for ${JSON.stringify(schema)}`)
  }
}

describe('a serializer writes JSON that reads back as the same value, whatever the text in it', () => {
  test.for(models.map((model) => [model.$id, model] as const))('%s', ([, model]) => {
    const write = serializer(model)
    fc.assert(
      fc.property(valuesOf(schemaOf(model)), (value) => {
        expect(JSON.parse(write(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 50 },
    )
  })
})
