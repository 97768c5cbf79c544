import { type Static, type TSchema, Type } from 'typebox'

// Helpers for schemas. They load TypeBox at run time, so the page and the listener process may import only their
// types.

/** A named schema, which routes refer to and the OpenAPI document lists. */
export function model<S extends TSchema>($id: string, description: string, schema: S): Model<Static<S>> {
  return Object.assign(Type.Unsafe<Static<S>>({ ...schema, $id, description }), { $id })
}

export type Model<T> = ReturnType<typeof Type.Unsafe<T>> & { $id: string }

/** Refers to a model from another schema. */
export function ref<T>({ $id }: Model<T>, description?: string): ReturnType<typeof Type.Unsafe<T>> {
  return Type.Unsafe<T>({ $ref: `${$id}#`, ...(description === undefined ? {} : { description }) })
}

export const orNull = <S extends TSchema>(schema: S, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description })

/** One of the values of a vocabulary. */
export const oneOf = <const T extends readonly (string | number)[]>(values: T, options: object = {}) =>
  Type.Unsafe<T[number]>({ enum: [...values], ...options })

export const count = (description: string) => Type.Integer({ minimum: 0, description })
export const time = (description: string) => Type.Integer({ description: `${description} Unix milliseconds.` })
