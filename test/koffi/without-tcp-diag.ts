import type { Libc } from '../../server/libc.ts'
import { changed, withoutTcpDiag } from '../support/older-kernel.ts'
import { wrapped } from './wrapped.ts'

// A kernel without the module tcp_diag.

export default wrapped((name, call) =>
  name === 'recv' ? (changed(call as Libc['recv'], withoutTcpDiag) as typeof call) : call,
)
