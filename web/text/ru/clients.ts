import type { clientMessages as en } from '../en/clients.ts'
import type { Translation } from '../fallback.ts'
import { plural } from './plural.ts'

export const clientMessages: Translation<typeof en> = {
  label: 'Клиенты по адресам',
  form: 'Вид списка клиентов',
  forms: { clients: 'Таблица', board: 'Табло' },
  columns: {
    address: 'Клиент',
    live: 'Открыто',
    closed: 'Закрыто',
    problem: 'Проблема',
    bytesIn: 'Получено',
    bytesOut: 'Отправлено',
    lastAt: 'Активность',
  },
  troubles: { flooding: 'Слишком много соединений', reconnecting: 'Постоянно подключается' },
  unfiltered: 'Показаны все клиенты: фильтр действует на соединения и события.',
  counted: (kept, total) => `По активным соединениям и ${kept} из ${total} закрытых.`,
  clear: 'Очистить фильтр',
  open: 'Показать эти соединения',
  waiting: (count, formatted) =>
    plural(count, {
      one: `Новый адрес: ${formatted}`,
      few: `Новых адреса: ${formatted}`,
      many: `Новых адресов: ${formatted}`,
    }),
}
