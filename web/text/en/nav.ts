/** Texts of the side that can hold any panel. */
export const navMessages = {
  close: 'Close the panel',
  back: 'Back to the list',
  width: 'Width of the panel',
}
