import type { AddressBar } from '../nav/address-bar.svelte.ts'

/** Turns projector mode on or off. It also works without full screen, if the browser lacks or refuses it. */
export function project(bar: AddressBar, on: boolean): void {
  bar.adjust({ projector: on })
  if (on) void document.documentElement.requestFullscreen?.().catch(() => {})
  else if (document.fullscreenElement) void document.exitFullscreen().catch(() => {})
}
