import { networkInterfaces } from 'node:os'
import { plainAddress } from '../shared/endpoint.ts'

/** Whether packets to this IP address stay on this machine; all of 127.0.0.0/8 do, on Linux. */
export function isOwnAddress(address: string): boolean {
  const plain = plainAddress(address)
  if (plain === '::1' || plain.startsWith('127.')) return true
  return Object.values(networkInterfaces()).some((entries) => entries?.some((entry) => entry.address === plain))
}
