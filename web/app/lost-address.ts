import type { Address } from '../nav/address.ts'
import { messages } from '../text/messages.ts'

/** What the address asks for and nothing here has, in words. @param port the server's port */
export function lostParts({ port: asked, unread }: Pick<Address, 'port' | 'unread'>, port: number): string[] {
  const text = messages.app.address
  const parts = unread.map((part) => text.part(part))
  if (asked !== null && asked !== port) parts.unshift(text.port(String(asked), String(port)))
  return parts
}
