import koffi from 'koffi'

type Call = (...args: unknown[]) => unknown

/** koffi with some functions of libc replaced. @param replace gets each function by its name */
export function wrapped(replace: (name: string, call: Call) => Call, errno = koffi.errno): unknown {
  return {
    ...koffi,
    errno,
    load(path: string | null) {
      const lib = koffi.load(path)
      return {
        func(prototype: string, ...rest: [string, unknown[]] | []) {
          const call = (lib.func as Call)(prototype, ...rest) as Call
          return replace(/(\w+)\(/.exec(prototype)?.[1] ?? prototype, call)
        },
      }
    },
  }
}
