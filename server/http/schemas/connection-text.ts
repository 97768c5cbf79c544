import { ConnectionModel } from '../../../shared/schema/connection.ts'
import { serializer } from './serializer.ts'

/** A connection's record as JSON. */
export const connectionText = serializer(ConnectionModel)
