import { Html, html, prose } from './html.ts'

/** The parts of JSON Schema and OpenAPI that our own document uses. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  minimum?: number
  maximum?: number
  maxItems?: number
  maxLength?: number
  default?: unknown
  description?: string
}

interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  description?: string
  schema: Schema
  example?: unknown
}

export interface Operation {
  tags?: string[]
  summary?: string
  description?: string
  parameters?: Parameter[]
  requestBody?: { description?: string; content: Record<string, { schema: Schema; example?: unknown }> }
  responses: Record<
    string,
    {
      description: string
      headers?: Record<string, { description?: string }>
      content?: Record<string, { schema: Schema }>
    }
  >
  security?: Record<string, string[]>[]
}

export interface Document {
  info: { title: string; version: string; description: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

export interface Surroundings {
  /** The server's address in the examples, such as `http://localhost:3000`. */
  origin: string
  hasToken: boolean
  /** The dashboard's stylesheet, if it has been built, and this page's own styles. */
  stylesheet: string | null
  style: string
}

interface Endpoint {
  id: string
  method: string
  path: string
  operation: Operation
}

/** Renders the OpenAPI document as a page without scripts or external resources. */
export function docsPage(document: Document, surroundings: Surroundings): string {
  const { info, tags } = document
  const endpoints = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Endpoint => {
      return { id: `${method}${path.replaceAll(/[^a-z.]+/gi, '-')}`, method, path, operation }
    }),
  )
  const groups = tags.map(
    ({ name, description }) =>
      html` <h2 id="${name}">${name}</h2>
        <p>${description}</p>
        ${endpoints.filter(({ operation }) => operation.tags?.includes(name)).map((one) => article(one, surroundings))}`,
  )
  const models = Object.entries(document.components.schemas).map(
    ([name, schema]) =>
      html` <article id="model-${name}">
        <h3>${name}</h3>
        <p>${prose(schema.description ?? '')}</p>
        ${fields(schema)}
      </article>`,
  )
  const { stylesheet, style, hasToken } = surroundings
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${info.title} API</title>
        ${stylesheet === null ? '' : html`<link rel="stylesheet" href="${stylesheet}" />`}
        ${new Html(`<style>${style}</style>`)}
      </head>
      <body>
        <header>
          <h1>${info.title} API</h1>
          <p>Version ${info.version}. ${prose(info.description)}</p>
          ${hasToken ? html`<p>A token is set: put it into the shell's variable <code>TOKEN</code>.</p>` : ''}
          <nav>
            <a href="../">Dashboard</a>
            <a href="openapi.json">OpenAPI document</a>
            ${tags.map(({ name }) => html`<a href="#${name}">${name}</a>`)}
            <a href="#objects">objects</a>
          </nav>
        </header>
        <main>
          ${groups}
          <h2 id="objects">objects</h2>
          <p>What the answers are made of.</p>
          ${models}
        </main>
      </body>
    </html> `.text
}

function article({ id, method, path, operation }: Endpoint, surroundings: Surroundings): Html {
  const { summary, description, parameters = [], requestBody, responses } = operation
  const body = requestBody?.content['application/json']?.schema
  const [good, bad] = [true, false].map((ok) =>
    Object.entries(responses).filter(([status]) => Number(status) < 300 === ok),
  )
  return html` <article id="${id}">
    <h3>
      <a href="#${id}"><span class="method ${method}">${method.toUpperCase()}</span> ${path}</a>
    </h3>
    <p>${prose(summary ?? '')}${summary?.endsWith('?') ? '' : '.'} ${prose(description ?? '')}</p>
    <h4>Example</h4>
    <pre tabindex="0">${curl(method, path, operation, surroundings)}</pre>
    ${
      parameters.length === 0
        ? ''
        : html`<h4>Parameters</h4>
            <table>
              ${parameters.map(parameterRow)}
            </table>`
    }
    ${
      body === undefined
        ? ''
        : html`<h4>Body</h4>
            <p>${prose(body.description ?? '')}</p>
            ${fields(body)}`
    }
    <h4>Answer</h4>
    <table>
      ${(good ?? []).map(([status, answer]) => answerRow(status, answer))}
    </table>
    <details>
      <summary>Errors</summary>
      <table>
        ${(bad ?? []).map(([status, { description: codes }]) => errorRow(status, codes))}
      </table>
    </details>
  </article>`
}

function parameterRow({ name, in: place, required, description, schema }: Parameter): Html {
  return row(name, html`${typeOf(schema)}${place === 'path' || required ? '' : optional(schema)}`, description ?? '')
}

function answerRow(status: string, { description, content, headers }: Operation['responses'][string]): Html {
  const [[type, media] = []] = Object.entries(content ?? {})
  const headerLines = Object.entries(headers ?? {}).map(
    ([name, header]) => html`<br /><code>${name}</code>: ${prose(header.description ?? '')}`,
  )
  const nested = media === undefined || media.schema.$ref !== undefined ? '' : fields(media.schema)
  return html`<tr>
    <th scope="row"><code>${status}</code></th>
    <td>
      ${media === undefined ? '' : type === 'application/json' ? typeOf(media.schema) : html`<code>${type ?? ''}</code>`}
      ${prose(description)}${headerLines}${nested}
    </td>
  </tr>`
}

function errorRow(status: string, codes: string): Html {
  const lines = codes.split('\n').map((line) => html`<div>${prose(line)}</div>`)
  return html`<tr>
    <th scope="row"><code>${status}</code></th>
    <td>${lines}</td>
  </tr>`
}

function fields({ properties, required = [] }: Schema): Html {
  const rows = Object.entries(properties ?? {}).map(([name, schema]) =>
    row(name, html`${typeOf(schema)}${required.includes(name) ? '' : optional(schema)}`, schema.description ?? ''),
  )
  return rows.length === 0
    ? html``
    : html`<table>
        ${rows}
      </table>`
}

function row(name: string, type: Html, description: string): Html {
  return html`<tr>
    <th scope="row"><code>${name}</code></th>
    <td class="type">${type}</td>
    <td>${prose(description)}</td>
  </tr>`
}

function optional(schema: Schema): Html {
  return schema.default === undefined
    ? html`, optional`
    : html`, <code>${JSON.stringify(schema.default)}</code> if left out`
}

function typeOf(schema: Schema): Html {
  const { $ref, type, anyOf, items, properties, minimum, maximum } = schema
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? ''
    return html`<a href="#model-${name}">${name}</a>`
  }
  if (anyOf !== undefined) return anyOf.map(typeOf).reduce((all, one) => html`${all} or ${one}`)
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`
  if (schema.enum !== undefined) return html`${schema.enum.map(String).join(', ')}`
  if (type === 'array' && items !== undefined) return html`list of ${typeOf(items)}`
  if (properties !== undefined) return html`{ ${Object.keys(properties).join(', ')} }`
  const range = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : ` ${minimum ?? ''}..${maximum}`
  return html`${String(type ?? 'anything')}${range}`
}

function curl(method: string, path: string, operation: Operation, { origin, hasToken }: Surroundings): string {
  const { parameters = [], requestBody, security } = operation
  const required = parameters.filter((parameter) => parameter.in === 'query' && parameter.required === true)
  const query = required.map(({ name, schema, example }) => `${name}=${String(example ?? schema.enum?.[0] ?? '')}`)
  const url = origin + path.replaceAll(/\{\w+\}/g, '1') + (query.length > 0 ? `?${query.join('&')}` : '')
  const options = [
    method === 'get' || requestBody !== undefined ? '' : `-X ${method.toUpperCase()}`,
    hasToken && security?.length !== 0 ? '-H "authorization: Bearer $TOKEN"' : '',
    requestBody === undefined
      ? ''
      : `--json '${JSON.stringify(requestBody.content['application/json']?.example ?? {})}'`,
  ]
  const streams = 'application/x-ndjson' in (operation.responses['200']?.content ?? {}) ? '-N' : ''
  return ['curl', streams, ...options, `'${url}'`].filter(Boolean).join(' ')
}
