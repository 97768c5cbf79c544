import type { Connection } from '../connection.ts'

/** What a test looks at. */
export interface Subject {
  connection: Connection
  /** Unix milliseconds. */
  now: number
  /** The connection's plain text, if the filter has plain words. */
  plain: string
  /** What the page shows of the connection in its language, if the filter has words that are not ASCII. */
  shown: string
}

export type Test = (subject: Subject) => boolean
