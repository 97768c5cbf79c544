/** Texts of the command palette. */
export const paletteMessages = {
  label: 'Find connections, views and actions',
  placeholder: 'Search, jump, act…',
  open: 'Find and act',
  groups: { connection: 'Connections', port: 'Ports', view: 'Views', action: 'Actions' },
  /** The page lacks it, and the server may know it. */
  numbered: (id: string) => `Connection ${id}`,
  all: (filter: string) => `List all that match “${filter}”`,
  nextProblem: 'Next connection with a problem',
  previousProblem: 'Previous connection with a problem',
  behavior: (name: string) => `Behavior: ${name}`,
  none: 'Nothing found.',
}
