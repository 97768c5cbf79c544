import { createContext } from 'svelte'
import { formOf, type PacketForm } from './lookup-form.ts'
import type { Row } from '../live/row.ts'

/** The packet that is typed into the form. It stays while the panel shows something else. */
export class LookupInput {
  packet = $state<PacketForm>({ remoteAddress: '', remotePort: '', localAddress: '', localPort: '', syn: true })

  /** A packet of this connection's client, as it would come now. */
  fill(row: Pick<Row, 'remote' | 'local'>): void {
    this.packet = formOf(row, false)
  }
}

export const [getLookupInput, setLookupInput] = createContext<LookupInput>()
