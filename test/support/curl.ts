export interface CurlRequest {
  method: string
  url: URL
  body: string | null
}

/** The request that a documented curl command sends. @throws for an option that this test does not support */
export function readCurl(args: readonly string[]): CurlRequest {
  let method = 'GET'
  let body: string | null = null
  let address: string | null = null
  const rest = [...args]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '-X') method = rest.shift() ?? ''
    else if (word === '-H') rest.shift()
    else if (word === '--json') [method, body] = ['POST', rest.shift() ?? '']
    else if (word === '-N' || word === '-OJ') continue
    else if (word.startsWith('-')) throw new Error(`curl ${word} is not known to this test`)
    else address = word
  }
  if (address === null) throw new Error(`no address in: curl ${args.join(' ')}`)
  return { method, url: new URL(`http://${address}`), body }
}
