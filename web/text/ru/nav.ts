import type { Translation } from '../fallback.ts'
import type { navMessages as en } from '../en/nav.ts'

/** Texts of the side that can hold any panel. */
export const navMessages: Translation<typeof en> = {
  close: 'Закрыть панель',
  back: 'Назад к списку',
  width: 'Ширина панели',
}
