import type { eventsMessages as en } from '../en/events.ts'
import type { Translation } from '../fallback.ts'
import { plural } from './plural.ts'

export const eventsMessages: Translation<typeof en> = {
  label: 'События порта, сначала новые',
  columns: { at: 'Время', connection: '№', client: 'Клиент', what: 'Событие' },
  open: (id) => `Открыть соединение № ${id}`,
  past: (id) => `Соединение № ${id} было до перезапуска сервера`,
  problemOver: (problem) => `Прошло: ${problem}`,
  refused: {
    'max-connections': 'Отказано: достигнут предел соединений',
    behind: 'Отказано: соединения поступают слишком быстро',
  },
  port: {
    behavior: (name) => `Новое поведение порта: ${name}`,
    rules: 'Изменены правила scripted',
    greeting: (language) => `Новый язык приветствия: ${language}`,
    stopped: 'accept() остановлен',
    resumed: 'accept() возобновлён',
    stopping: 'Сервер завершает работу. Порт закрыт',
    down: 'Порт перестал принимать соединения',
    restarted: (pid) => `Процесс слушателя перезапущен${pid === null ? '' : ` (PID ${pid})`}`,
    unresponsive: 'Процесс слушателя не отвечает',
    responds: 'Процесс слушателя снова отвечает',
    serverRestarted: (time) =>
      `Сервер перезапущен между этим временем и ${time}. Нумерация соединений снова начинается с 1.`,
    gap: (time) =>
      `Связи с сервером не было до ${time}. Часть событий могла пропасть или получить более позднее время.`,
  },
  many: (formatted, what) => `${formatted} × ${what}`,
  within: (formatted) => `за ${formatted}`,
  sameTime: 'одновременно',
  flood: (connections, refused) =>
    `Флуд: не менее ${connections} соединений${refused === null ? '' : `, отказано: ${refused}`}`,
  goingOn: 'продолжается',
  until: (time) => `до ${time}`,
  lastSeen: (time) => `данные до ${time}`,
  folded: (count, formatted) =>
    `свёрнуто ${formatted} ${plural(count, { one: 'событие', few: 'события', many: 'событий' })}`,
  newest: (formatted, all) => `На странице хранятся только последние ${formatted} из ${all}.`,
  unknownAddress: 'адрес неизвестен',
  andOthers: (address, others) => `${address} и ещё ${others}`,
  unfold: (what) => `Показать события: ${what}`,
  waiting: (count, formatted) =>
    plural(count, {
      one: `${formatted} новое событие`,
      few: `${formatted} новых события`,
      many: `${formatted} новых событий`,
    }),
  nothing: 'Событий пока не было.',
  noMatch: 'Нет событий у соединений, подходящих под фильтр.',
  from: (time) =>
    `Журнал ведётся с ${time}: тогда страница подключилась к серверу. Более ранние события известны только об активных соединениях и о закрытых последними.`,
  kept: (connections, findings, port) =>
    `На странице хранятся последние строки: о соединениях — ${connections}, о проблемах и действиях — ${findings}, о порте — ${port}.`,
  dropped: (count, formatted) =>
    plural(count, {
      one: `${formatted} более старое событие уже не хранится.`,
      few: `${formatted} более старых события уже не хранятся.`,
      many: `${formatted} более старых событий уже не хранятся.`,
    }),
}
