import { type Endpoint, parseEndpoint, readAddress } from '../../shared/endpoint.ts'

/**
 * Finds the client's endpoint in what a student pastes: the greeting in either language (the client's endpoint comes
 * first), `IP:port`, or IP and port.
 * @returns null if there is no endpoint in the text
 */
export function readMine(text: string): Endpoint | null {
  for (const word of text.split(/[\s,;]+/)) {
    const endpoint = parseEndpoint(word)
    if (endpoint) return endpoint
  }
  const [, spelling = '', port] = /^\s*(\S+?)[\s,]+(\d{1,5})\s*$/.exec(text) ?? []
  const address = readAddress(spelling)
  return address === null || Number(port) > 65_535 ? null : { address, port: Number(port) }
}
