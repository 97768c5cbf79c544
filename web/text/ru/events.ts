import type { eventsMessages as en } from '../en/events.ts'
import type { Translation } from '../fallback.ts'
import { plural } from './plural.ts'

export const eventsMessages: Translation<typeof en> = {
  label: 'События порта, сначала новые',
  columns: { at: 'Время', connection: '№', client: 'Клиент', what: 'Событие' },
  open: (id) => `Открыть соединение № ${id}`,
  problemOver: (problem) => `Прошло: ${problem}`,
  refused: {
    'max-connections': 'Отказано: достигнут предел соединений',
    behind: 'Отказано: соединения поступают слишком быстро',
  },
  behavior: (name) => `Новое поведение порта: ${name}`,
  waiting: (count, formatted) =>
    plural(count, {
      one: `${formatted} новое событие`,
      few: `${formatted} новых события`,
      many: `${formatted} новых событий`,
    }),
  nothing: 'Событий пока не было.',
  noMatch: 'Нет событий у соединений, подходящих под фильтр.',
  kept: (formatted) => `На странице хранятся последние события (не более ${formatted}).`,
}
