// Why the listener process did not answer. The supervisor throws these errors, and the API turns them into error
// codes.

/** The listener process has ended, and all its connections with it. */
export class ListenerDown extends Error {}

/** The listener process exists but does not answer, because it was stopped or hangs. It may still carry out the request. */
export class ListenerUnresponsive extends Error {}
