import type { Commands } from './client.ts'
import { CommandProcess } from './command-process.ts'

/** The process with the clients. */
export class ClientProcess extends CommandProcess<Commands> {
  constructor() {
    super(new URL('client.ts', import.meta.url))
  }
}
