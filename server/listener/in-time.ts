/** The listener process lives, but does not answer: it has been stopped, or hangs. It may still do what it was asked. */
export class ListenerUnresponsive extends Error {}

/** Gives what `settle` is called with. @throws ListenerUnresponsive when that has not been called after `ms` milliseconds */
export function inTime<T>(ms: number, begin: (settle: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ListenerUnresponsive()), ms)
    begin((value) => {
      clearTimeout(timer)
      resolve(value)
    })
  })
}
