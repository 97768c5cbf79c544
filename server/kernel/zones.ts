import { networkInterfaces } from 'node:os'

// The zone of a link-local address is an interface: the kernel has its number, people and Node write its name (RFC 4007).

let names = new Map<number, string>()

/** The interface's name; its number if it has no link-local address any longer. */
export function zoneName(index: number): string {
  // Interfaces come and go, so an unknown number is looked up again.
  if (!names.has(index)) names = readNames()
  return names.get(index) ?? String(index)
}

/** @returns 0 if there is no such interface */
export function zoneIndex(zone: string): number {
  if (/^\d+$/.test(zone)) return Number(zone)
  return [...readNames()].find(([, name]) => name === zone)?.[0] ?? 0
}

/** Of the interfaces with a link-local address. */
function readNames(): Map<number, string> {
  const found = Object.entries(networkInterfaces()).flatMap(([name, entries = []]) =>
    entries.flatMap((entry): [number, string][] =>
      entry.family === 'IPv6' && entry.scopeid > 0 ? [[entry.scopeid, name]] : [],
    ),
  )
  return new Map(found)
}
