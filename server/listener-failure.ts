// Why the listener process gave no answer. The supervisor throws these and the API turns them into error codes.

/** The listener process has ended, and its connections with it. */
export class ListenerDown extends Error {}

/** The listener process runs but does not answer: it was stopped, or it hangs. It may still carry out the request. */
export class ListenerUnresponsive extends Error {}
