import {
  type Filter,
  FILTER_MAX,
  type FilterFault,
  type Hits,
  parseFilter,
  TEXTS_MAX,
  WORDS_MAX,
} from '../../../shared/filter/filter.ts'
import { clock } from '../../clock.ts'
import { type Entry, type SampleTimes, toConnection } from '../../table/entry.ts'
import { HttpError } from '../errors.ts'
import { turn } from '../lists/turns.ts'
import type { Services } from '../services.ts'

/** Records compared with the filter in one turn of the event loop. */
const FILTERED_A_TURN = 500
/** Limit of requests that search the captured bytes at once. */
const SEARCHES_MAX = 8

const FAULTS: Record<FilterFault, string> = {
  'too-long': `The filter is longer than ${FILTER_MAX} characters.`,
  'too-many-words': `The filter has more than ${WORDS_MAX} words.`,
  'too-many-texts': `The filter has more than ${TEXTS_MAX} different text: terms.`,
}

export interface Selecting {
  state: 'live' | 'closed' | 'any'
  filter?: string
}

/** The connections that a request asks for, as of one moment. */
export interface Selected {
  entries: Entry[]
  /** Endings and actions after this number are left out. */
  seq: number
  sampled: SampleTimes
  misread: Filter['misread']
}

/** Selects connections by state and by filter. */
export class EntrySelector {
  readonly #services: Pick<Services, 'table' | 'actions'>
  #searches = 0

  constructor(services: Pick<Services, 'table' | 'actions'>) {
    this.#services = services
  }

  /** @throws HttpError 400 for a filter that cannot be applied, 503 if captured bytes cannot be searched now */
  async select({ state, filter: text = '' }: Selecting): Promise<Selected> {
    const { texts } = parse(text)
    const hits = texts.length === 0 ? new Map<string, ReadonlySet<number>>() : await this.#search(texts)
    await turn()
    const { table } = this.#services
    const { seq, kernelSampledAt, otherEndsSampledAt } = table
    const sampled = { kernelSampledAt, otherEndsSampledAt }
    const all = table.all().filter((entry) => state === 'any' || (state === 'live') === (entry.close === null))
    const filter = parse(text, hits)
    const entries = filter.empty ? all : await matching(all, filter, sampled, seq)
    return { entries, seq, sampled, misread: filter.misread }
  }

  async #search(texts: readonly string[]): Promise<Hits> {
    if (this.#searches >= SEARCHES_MAX) {
      throw new HttpError(
        503,
        'TOO_MANY_SEARCHES',
        `${SEARCHES_MAX} searches in captured bytes are running already. Try again when one has ended.`,
      )
    }
    this.#searches++
    try {
      return await this.#services.actions.search(texts)
    } finally {
      this.#searches--
    }
  }
}

function parse(text: string, hits?: Hits): Filter {
  const filter = parseFilter(text, hits && { hits })
  if (filter.fault !== null) throw new HttpError(400, 'INVALID', FAULTS[filter.fault])
  return filter
}

async function matching(all: readonly Entry[], filter: Filter, sampled: SampleTimes, seq: number): Promise<Entry[]> {
  const now = clock.now()
  const found: Entry[] = []
  for (let i = 0; i < all.length; i += FILTERED_A_TURN) {
    if (i > 0) await turn()
    for (const entry of all.slice(i, i + FILTERED_A_TURN)) {
      if (filter.matches(toConnection(entry, sampled, seq), now)) found.push(entry)
    }
  }
  return found
}
