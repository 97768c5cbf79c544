import { type Endpoint, parseEndpoint, readAddress } from '../../shared/endpoint.ts'

/**
 * Finds the client's endpoint in what a student pastes: the greeting in either language, `IP:port`, IP and port, or the
 * output of `ss`, `lsof` or `netstat`, with any other lines around it.
 * @param serverPort tells the two ends apart, because these tools print the own end first
 * @returns null if there is no endpoint in the text
 */
export function readMine(text: string, serverPort: number): Endpoint | null {
  const lines = text.split('\n').map(endpointsOf)
  for (const [first, second] of lines.flatMap(pairs)) {
    if (second.port === serverPort) return first
    if (first.port === serverPort) return second
  }
  return lines.flat()[0] ?? addressAndPort(text)
}

/** A line has one pair, but browsers join pasted lines. */
function pairs(endpoints: Endpoint[]): [Endpoint, Endpoint][] {
  return endpoints.flatMap((first, i): [Endpoint, Endpoint][] => {
    const second = endpoints[i + 1]
    return i % 2 === 0 && second !== undefined ? [[first, second]] : []
  })
}

/** `lsof` writes both ends as one word: `127.0.0.1:50000->127.0.0.1:8080`. */
function endpointsOf(line: string): Endpoint[] {
  const isNetstat = /^\s*tcp/i.test(line)
  return line.split(/[\s,;]+|->/).flatMap((word) => parseEndpoint(word) ?? netstatEndpoint(word, isNetstat) ?? [])
}

/**
 * `127.0.0.1.50000` and `::1.50000` (macOS, BSD), and `::1:50000` (Linux). The latter could be an address, so it has to
 * be in a line of netstat.
 */
function netstatEndpoint(word: string, isNetstat: boolean): Endpoint | null {
  const [, address = '', separator, port] = /^(.+)([.:])(\d{1,5})$/.exec(word) ?? []
  return separator === '.' || isNetstat ? endpoint(address, port) : null
}

function addressAndPort(text: string): Endpoint | null {
  const [, address = '', port] = /^\s*(\S+?)[\s,]+(\d{1,5})\s*$/.exec(text) ?? []
  return endpoint(address, port)
}

function endpoint(spelling: string, digits: string | undefined): Endpoint | null {
  const address = readAddress(spelling)
  const port = Number(digits)
  return address === null || !(port <= 65_535) ? null : { address, port }
}
