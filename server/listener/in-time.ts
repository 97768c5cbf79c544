import { ListenerUnresponsive } from '../listener-failure.ts'

/** Resolves with the value passed to `settle`. @throws ListenerUnresponsive after `ms` milliseconds without it */
export function inTime<T>(ms: number, begin: (settle: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ListenerUnresponsive()), ms)
    begin((value) => {
      clearTimeout(timer)
      resolve(value)
    })
  })
}
