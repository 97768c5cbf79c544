import type { navMessages as en } from '../en/nav.ts'

/** Texts of the side that can hold any panel. */
export const navMessages: typeof en = {
  close: 'Закрыть панель',
  back: 'Назад к списку',
}
