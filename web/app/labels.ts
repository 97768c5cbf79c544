import { messages } from '../text/messages.ts'
import type { Labels } from '../ui/labels.ts'

/** The words of `ui/`, in the language of the moment. */
export const labels: Labels = {
  get close() {
    return messages.closeDialog
  },
  get copy() {
    return messages.copy.copy
  },
  get copied() {
    return messages.copy.copied
  },
  get copyFailed() {
    return messages.copy.failed
  },
}
