import { createContext } from 'svelte'
import { formOf, type PacketForm } from './lookup-form.ts'
import type { Row } from '../live/row.ts'

/** The packet in the form. Kept while the panel shows something else. */
export class LookupInput {
  packet = $state<PacketForm>({ remoteAddress: '', remotePort: '', localAddress: '', localPort: '', syn: true })

  /** Fills in a packet that this connection's client could send now. */
  fill(row: Pick<Row, 'remote' | 'local'>): void {
    this.packet = formOf(row, false)
  }
}

export const [getLookupInput, setLookupInput] = createContext<LookupInput>()
