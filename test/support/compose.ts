import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

export interface ComposeService {
  extends?: { file?: string; service: string }
  profiles?: string[]
  image?: string
  environment?: Record<string, unknown>
  networks?: Record<string, { ipv4_address?: string }>
  ports?: string[]
  volumes?: string[]
  command?: string[]
  [setting: string]: unknown
}

/** The services of a Compose file in the repository, with `extends` resolved. */
export function composeServices(file: string): Record<string, ComposeService> {
  const names = Object.keys(servicesOf(file))
  return Object.fromEntries(names.map((name) => [name, composeService(file, name)]))
}

function composeService(file: string, name: string): ComposeService {
  const { extends: parent, ...own } = servicesOf(file)[name] ?? {}
  if (parent === undefined) return own
  const base = composeService(parent.file ?? file, parent.service)
  // Compose merges environments by variable. The repository's files override nothing else that is a map or a list.
  return { ...base, ...own, environment: { ...base.environment, ...own.environment } }
}

function servicesOf(file: string): Record<string, ComposeService> {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  const { services } = parse(text, { merge: true }) as { services: Record<string, ComposeService> }
  return services
}
