import type { Translation } from '../fallback.ts'
import type { paletteMessages as en } from '../en/palette.ts'

/** Texts of the command palette. */
export const paletteMessages: Translation<typeof en> = {
  label: 'Поиск соединений, видов и действий',
  placeholder: 'Найти или сделать…',
  open: 'Найти и сделать',
  groups: { connection: 'Соединения', port: 'Порты', view: 'Виды', action: 'Действия' },
  numbered: (id) => `Соединение ${id}`,
  all: (filter) => `Показать в списке все по запросу «${filter}»`,
  nextProblem: 'Следующее соединение с проблемой',
  previousProblem: 'Предыдущее соединение с проблемой',
  behavior: (name) => `Поведение: ${name}`,
  none: 'Ничего не найдено.',
}
