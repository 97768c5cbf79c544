import { messages } from '../text/messages.ts'
import type { Labels } from '../ui/labels.ts'

/** The texts of `ui/` in the current language. */
export const labels: Labels = {
  get close() {
    return messages.app.closeDialog
  },
  get copy() {
    return messages.app.copy.copy
  },
  get copied() {
    return messages.app.copy.copied
  },
  get copyFailed() {
    return messages.app.copy.failed
  },
}
