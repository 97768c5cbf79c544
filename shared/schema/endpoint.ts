import { Type } from 'typebox'
import { model } from './base.ts'

export const EndpointModel = model(
  'Endpoint',
  'One end of a connection.',
  Type.Object({
    address: Type.String({
      description: 'An IPv4 or IPv6 address as text. An IPv4 client of a dual-stack socket is shown as IPv4.',
    }),
    port: Type.Integer({ minimum: 0, maximum: 65_535 }),
  }),
)
