import { SendStore, setSends } from '../act/send-store.ts'
import { EventLog, setEventLog } from '../events/event-log.ts'
import { createRuns, setRuns } from '../experiments/experiment-run.svelte.ts'
import { Lesson, setLesson } from '../lesson/lesson.svelte.ts'
import { followAddress } from '../list/list-address.ts'
import { ListState, setList } from '../list/list.svelte.ts'
import { OlderClosed, setOlderClosed } from '../list/older-closed.svelte.ts'
import { Picks, setPicks } from '../list/picks.svelte.ts'
import { setApi } from '../live/api.ts'
import { Classroom, setClassroom } from '../live/classroom.svelte.ts'
import { Connector, setConnector } from '../live/connector.svelte.ts'
import { openServer } from '../live/open-server.ts'
import { setRepaint } from '../live/repaint.ts'
import { setServer } from '../live/server-facts.svelte.ts'
import { setLink } from '../live/server-link.svelte.ts'
import { setShownRows } from '../live/shown-rows.svelte.ts'
import { setTable } from '../live/table.ts'
import { takeToken } from '../live/token.ts'
import { LookupInput, setLookupInput } from '../lookup/lookup-input.svelte.ts'
import { AddressBar, setAddressBar } from '../nav/address-bar.svelte.ts'
import { Mine, setMine } from '../nav/mine.svelte.ts'
import { Selection, setSelection } from '../nav/selection.svelte.ts'
import { Follower, setFollower } from '../stream/follower.ts'
import { setLabels } from '../ui/labels.ts'
import { setStill, Still } from '../ui/still.svelte.ts'
import { formatCount } from '../text/format.ts'
import { messages } from '../text/messages.ts'
import { labels } from './labels.ts'
import { notify } from './notify.svelte.ts'
import { ProblemNews, setProblemNews } from './problem-news.svelte.ts'
import { Restart, setRestart } from './restart.svelte.ts'

/** Creates the page's state. Each part has its own context, so a component takes only what it uses. */
export function createPage() {
  const { link, table, server, shownRows, repaint, api } = openServer(takeToken(location, history))
  setLink(link)
  setTable(table)
  setServer(server)
  setShownRows(shownRows)
  setRepaint(repaint)
  setClassroom(new Classroom(link))
  link.subscribe({ class: ({ student }) => (api.asStudent = student !== null) })
  setApi(api)
  const bar = setAddressBar(new AddressBar(window))
  const still = setStill(new Still(() => bar.at.side === 'connection' || document.getSelection()?.type === 'Range'))
  const list = setList(
    new ListState({
      shownRows,
      clock: () => link.clock.now(),
      onChange: () => repaint.request(),
      searchText: (text) => api.idsWithText(text),
      still,
    }),
  )
  table.observe(list)
  link.subscribe({ hello: ({ instance }) => list.greet(instance), second: () => list.tick() })
  repaint.on(() => list.flush())
  followAddress(list, bar)
  const older = setOlderClosed(new OlderClosed({ api, table, onChange: () => repaint.request() }))
  link.subscribe({ snapshot: ({ last }) => last && older.startOver() })
  const events = setEventLog(new EventLog(table, () => link.clock.now()))
  table.observe(events)
  link.subscribe({
    hello: ({ instance, listener }) => events.greet(instance, listener, link.lostAt),
    listener: ({ listener }) => events.port(listener),
    changes: ({ changes }) => events.take(changes),
  })
  const mine = setMine(new Mine(table))
  table.observe(mine)
  const news = setProblemNews(
    new ProblemNews({
      table,
      describe: ({ problem, remoteText }) =>
        problem === null ? '' : `${messages.live.problems[problem.code]}: ${remoteText}`,
      away: () => notify.on && document.hidden,
      notify: (first, others) => {
        const { title, andMore } = messages.app.news
        notify.show(
          title(server.listener?.local.port ?? null),
          others === 0 ? first : andMore(first, others, formatCount(others)),
        )
      },
    }),
  )
  table.observe(news)
  const picks = setPicks(new Picks(table, list))
  const selection = setSelection(new Selection(bar))
  setConnector(new Connector({ api, link, server }, (id) => selection.reveal(id)))
  const lesson = setLesson(new Lesson({ link, server, table, repaint, api }))
  setFollower(new Follower(link))
  const runs = setRuns(createRuns(api, table))
  setRestart(
    new Restart(link, { selection, others: [shownRows, list, { forget: () => picks.clear() }, news, ...runs] }),
  )
  setSends(new SendStore())
  setLookupInput(new LookupInput())
  setLabels(labels)
  return { link, list, bar, selection, lesson }
}
