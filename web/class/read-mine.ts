import { type Endpoint, parseEndpoint, plainAddress } from '../../shared/endpoint.ts'

/**
 * Finds the client's endpoint in what a student pastes: the greeting in either language (the client's endpoint comes
 * first), `IP:port`, or IP and port.
 * @returns null if there is no endpoint in the text
 */
export function readMine(text: string): Endpoint | null {
  for (const word of text.split(/[\s,;]+/)) {
    const endpoint = parseEndpoint(word)
    if (endpoint) return { ...endpoint, address: tidy(endpoint.address) }
  }
  const [, address, port] = /^\s*([0-9a-f.:]+)[\s,]+(\d{1,5})\s*$/i.exec(text) ?? []
  if (address === undefined || Number(port) > 65_535 || !/[.:]/.test(address)) return null
  return { address: tidy(address), port: Number(port) }
}

function tidy(address: string): string {
  return plainAddress(address.toLowerCase())
}
