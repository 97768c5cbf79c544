/** Code, offset to jump to if true and if false, value. */
export type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number]

/** A classic BPF program as the kernel takes it (linux/filter.h, linux/bpf_common.h). */
export function classicBpf(instructions: readonly Instruction[]): Buffer {
  const program = Buffer.alloc(8 * instructions.length)
  for (const [index, [code, ifTrue, ifFalse, value]] of instructions.entries()) {
    program.writeUInt16LE(code, index * 8)
    program.writeUInt8(ifTrue, index * 8 + 2)
    program.writeUInt8(ifFalse, index * 8 + 3)
    program.writeUInt32LE(value, index * 8 + 4)
  }
  return program
}
