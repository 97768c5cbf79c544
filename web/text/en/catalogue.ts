import { actMessages } from './act.ts'
import { appMessages } from './app.ts'
import { classMessages } from './class.ts'
import { clientMessages } from './clients.ts'
import { connectionMessages } from './connection.ts'
import { eventsMessages } from './events.ts'
import { experimentsMessages } from './experiments.ts'
import { kernelMessages } from './kernel.ts'
import { lessonMessages } from './lesson.ts'
import { listMessages } from './list.ts'
import { liveMessages } from './live.ts'
import { lookupMessages } from './lookup.ts'
import { navMessages } from './nav.ts'
import { paletteMessages } from './palette.ts'
import { pictureMessages } from './picture.ts'
import { portsMessages } from './ports.ts'
import { streamMessages } from './stream.ts'

/** Every text of the page, by feature. The other languages are objects of the type `Messages`. */
export const en = {
  app: appMessages,
  live: liveMessages,
  nav: navMessages,
  list: listMessages,
  connection: connectionMessages,
  stream: streamMessages,
  act: actMessages,
  kernel: kernelMessages,
  ports: portsMessages,
  palette: paletteMessages,
  picture: pictureMessages,
  lookup: lookupMessages,
  events: eventsMessages,
  experiments: experimentsMessages,
  lesson: lessonMessages,
  class: classMessages,
  clients: clientMessages,
}

export type Messages = typeof en
