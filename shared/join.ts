/** `GET /api/join`: what the link for a class is made of. */
export interface JoinFacts {
  /** Only lets look; null where no token is set. */
  token: string | null
  /** Of this machine, at which other machines reach the dashboard. */
  addresses: string[]
  /** The dashboard's. */
  port: number
  /** Further Host names it answers to. */
  allowHosts: string[]
}
